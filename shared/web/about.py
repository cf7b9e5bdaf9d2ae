"""The page of a service that has started and says what it will decide."""

from fastapi import APIRouter, Request, Response

from shared.kernel.running import Running
from shared.web.rendering import page

ABOUT: dict[str, str] = {
    "requests": "决定一件公开申请从收到到答复的全过程：登记、补正、收费、延期、保密审查、办理结果、审批和送达。依据《政府信息公开条例》第二十七条至第四十五条。",
    "review": "决定什么可以公开：提供或者发布之前逐份作保密审查，意见对应文件的散列；需要其他机关确认的，与其协调。依据条例第十一条、第十四条、第十七条。",
    "publishing": "决定主动公开什么、公开到哪里、何时公开：目录、发布、政策解读和公众参与。依据条例第十九条至第二十六条。",
    "press": "将决定由谁、何时代表本机关发声：选题、新闻发布，以及舆情的监测、研判和回应。依据国办发〔2016〕61号。",
    "audit": "保存每个服务每个事件的副本，逐字节一致；办理全过程、年度报告和考核都由此重放得出。依据条例第四十六条至第五十三条。",
}
"""What each service decides, for the people whom it serves."""


def router(running: Running) -> APIRouter:
    """The page."""
    made = APIRouter(prefix=f"/{running.name}")

    async def about(request: Request) -> Response:
        return page(running, request, "about.html", title=running.service.title, about=ABOUT.get(running.name, running.service.about))

    made.add_api_route("/", about, methods=["GET"], response_model=None)
    return made
