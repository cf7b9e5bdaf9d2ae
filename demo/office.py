"""The officials of a demonstration at work: each command over HTTP, with its own account and on its civil day, as people would give it."""

import asyncio
import random
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Self

import httpx

from demo.bureau import DemoAccount
from shared.law.outcomes import OUTCOMES

SURNAMES = "王李张刘陈杨黄赵吴周马哈撒海田白金苏"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "䶮",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "建华",
    "文斌",
    "玉梅",
    "国庆",
    "晓东",
)
TOPICS = (
    "2024年度部门预算及三公经费决算情况说明",
    "原州区某建设项目施工许可审批材料",
    "行政审批事项清单及办理依据",
    "某小区规划许可证及附图",
    "2023年度行政许可办理数量统计",
    "招投标监督检查结果",
    "某企业营业执照登记档案",
    "征地补偿安置方案批复文件",
    "政务服务大厅窗口人员考核办法",
    "某医疗机构执业许可审批材料",
)


class Failed(RuntimeError):
    """A command of the demonstration was not carried out; the text says which and why."""


class Office:
    """The officials of an agency, signed in."""

    def __init__(
        self,
        base_url: str,
        agency: str,
        accounts: list[DemoAccount],
        *,
        seed: int = 711,
        connections: int = 32,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self.agency = agency
        self.accounts = {account.login: account for account in accounts}
        self.client = client or httpx.AsyncClient(
            base_url=base_url,
            timeout=60,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=None),
            trust_env=False,
        )
        self.tokens: dict[str, str] = {}
        self.draw = random.Random(seed)  # noqa: S311 - names of people who do not exist
        self.commands = 0

    async def __aenter__(self) -> Self:
        for login, account in self.accounts.items():
            if any(role.endswith("administrator") for role in account.roles):
                continue
            answer = await self.client.post(
                "/api/access/sessions", json={"agency": self.agency, "login": login, "password": account.password}
            )
            if answer.status_code != 201:
                raise Failed(f"{login} 无法登录：{answer.json().get('detail')}")
            self.tokens[login] = answer.json()["token"]
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.aclose()

    async def post(self, path: str, by: str, day: date, body: Mapping[str, Any]) -> dict[str, Any]:
        """A command; tried again, as the same command, while the platform is busy and when a connection breaks."""
        headers = {
            "Authorization": f"Bearer {self.tokens[by]}",
            "Gongkai-Today": day.isoformat(),
            "Idempotency-Key": str(uuid.uuid4()),
        }
        for attempt in range(20):
            try:
                answer = await self.client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                if attempt == 3:
                    raise
                continue
            if answer.status_code == 503:
                await asyncio.sleep(0.1 * (attempt + 1))
                continue
            if answer.status_code >= 300:
                raise Failed(f"{path} {day} {by}：{answer.status_code} {answer.json().get('detail')}")
            self.commands += 1
            made: dict[str, Any] = answer.json()
            return made
        raise Failed(f"{path}：平台一直繁忙")

    async def get(self, path: str, by: str) -> dict[str, Any]:
        """What the platform answers."""
        answer = await self.client.get(path, headers={"Authorization": f"Bearer {self.tokens[by]}"})
        if answer.status_code >= 300:
            raise Failed(f"{path}：{answer.status_code} {answer.text[:200]}")
        found: dict[str, Any] = answer.json()
        return found

    async def act(self, case: str, verb: str, by: str, day: date, **body: Any) -> dict[str, Any]:
        """A command on a request."""
        return await self.post(f"/api/requests/disclosure-requests/{case}/{verb}", by, day, body)

    async def receive(self, kind: str, day: date, *, channel: str = "internet", confirm: bool = True, assign: bool = True) -> str:
        """A request comes in, is registered, confirmed with the applicant and assigned; returns its id."""
        made = await self.post("/api/requests/disclosure-requests", "clerk", day, self.application(kind, day, channel))
        case: str = made["id"]
        await self.act(case, "register", "clerk", day)
        if confirm and channel in ("internet", "fax", "ordinary_letter", "email", "edi"):
            await self.act(case, "confirm-receipt", "clerk", day, how="电话与申请人确认")
        if assign:
            await self.act(case, "assign", "office", day, unit=self.draw.choice(("touzi", "shangshi", "shehui")))
        return case

    def application(self, kind: str, day: date, channel: str) -> dict[str, Any]:
        """An application by somebody who does not exist."""
        person = self.draw.choice(SURNAMES) + self.draw.choice(GIVEN)
        name = person if kind == "natural_person" else f"固原市{person[0]}氏{'科技' if kind == 'commercial' else '服务'}有限公司"
        return {
            "applicant_kind": kind,
            "applicant_name": name,
            "id_number": f"64040219{self.draw.randint(60, 99)}0101{self.draw.randint(1000, 9999)}",
            "contact": f"139{self.draw.randint(10_000_000, 99_999_999)}",
            "content": f"申请公开：{self.draw.choice(TOPICS)}",
            "channel": channel,
            "received_on": day.isoformat(),
            "evidence": "" if channel == "internet" else f"收件登记 {self.draw.randint(1, 9999)}",
        }

    async def reply(self, case: str, outcome: str, day: date, *, files: list[dict[str, Any]] | None = None, deliver: bool = True) -> None:
        """Drafted by one, approved by another, delivered."""
        await self.approve(case, await self.draft(case, outcome, day, files=files), day)
        if deliver:
            await self.act(case, "deliver", "clerk", day, way="email", evidence="电子邮件送达回执")

    async def draft(self, case: str, outcome: str, day: date, *, files: list[dict[str, Any]] | None = None) -> str:
        """A draft with what its outcome needs; returns the hash that an approval names."""
        row = OUTCOMES[outcome]
        ground = {
            "outcome": outcome,
            "article": row.articles[0] if row.articles else "国令711 第三十六条",
            "ground": row.group,
            "reason": f"{row.group}：经检索、审查，符合该情形。",
        }
        body: dict[str, Any] = {
            "outcome": outcome,
            "grounds": [ground],
            "text": f"经审查，您申请公开的信息答复如下：{row.group}。",
            "files": files or [],
        }
        if outcome == "r2_partial":
            body["redactions"] = ["附件中的个人身份证号码、联系电话"]
        if outcome == "r4_1_not_held":
            body["other_agency"] = "固原市自然资源局，电话 0954-2030000"
        if outcome == "r5_4_massive":
            await self.act(case, "ask-reasons", "unit", day, found="一年内提出 120 件，内容相近")
            await self.act(
                case, "weigh-reasons", "unit", day, said="未说明", reasonable=False, finding="没有说明理由，数量明显超过合理范围"
            )
        made = await self.act(case, "draft-reply", "unit", day, **body)
        draft: str = made["draft"]
        return draft

    async def approve(self, case: str, draft: str, day: date) -> None:
        """Another person approves."""
        await self.act(case, "approve-reply", "leader", day, approves=draft)

    async def review(self, case: str, day: date, *, opinion: str = "release") -> list[dict[str, Any]]:
        """The files of a reply go through secrecy review, over NATS and back; returns them."""
        digest = f"{self.draw.getrandbits(256):064x}"
        files = [{"name": "拟公开材料.pdf", "sha256": digest, "size": self.draw.randint(10_000, 2_000_000)}]
        await self.act(case, "request-review", "unit", day, files=files)
        review = await self.review_of(case)
        one: dict[str, Any] = {
            "sha256": digest,
            "opinion": opinion,
            "bases": ["保守国家秘密法"],
            "reason": "经审查，不涉及国家秘密、工作秘密。",
        }
        if opinion == "exempt":
            one |= {"ground": "work_secret", "reason": "涉及工作秘密，不予公开。"}
        await self.post(f"/api/review/secrecy-reviews/{review}/give-opinion", "reviewer", day, {"opinions": [one]})
        held = await self.get(f"/api/review/secrecy-reviews/{review}/opinion", "leader")
        await self.post(f"/api/review/secrecy-reviews/{review}/approve", "leader", day, {"approves": held["approves"]})
        await self.until_stage(case, "assigned")
        return files

    async def review_of(self, case: str, seconds: float = 30.0) -> str:
        """The review that was opened for a request, as soon as review has heard of it."""
        for _ in range(int(seconds / 0.02)):
            found = (await self.get(f"/api/review/secrecy-reviews?subject={case}", "reviewer"))["reviews"]
            open_ones = [one for one in found if one["decided_on"] is None]
            if open_ones:
                return str(open_ones[0]["id"])
            await asyncio.sleep(0.02)
        raise Failed(f"保密审查没有收到申请 {case}")

    async def until_stage(self, case: str, stage: str, seconds: float = 30.0) -> None:
        """Waits until a request has come to a stage."""
        for _ in range(int(seconds / 0.02)):
            if (await self.get(f"/api/requests/disclosure-requests/{case}", "clerk"))["stage"] == stage:
                return
            await asyncio.sleep(0.02)
        raise Failed(f"申请 {case} 没有到达 {stage}")
