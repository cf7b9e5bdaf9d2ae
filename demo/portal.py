"""What the demonstration publishes: items of every kind and state, a catalogue with a year in which something was missed, drafts with comments."""

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from demo.office import Failed, Office
from shared.kernel.clocks import today
from shared.law.calendar import national_calendar

THINGS = "/api/publishing/publications"
ENTRIES = "/api/publishing/catalogue-entries"
EXPLAINED = "/api/publishing/interpretations"
MATTERS = "/api/publishing/consultations"
COMMENTS = "/api/publishing/comments"
EVIDENCE = "门户网站栏目页面截图"


class Said(NamedTuple):
    """What is published. `facts`: what its registration says besides; `parts`: what its content says besides; `table`: a file, as CSV."""

    title: str
    text: str
    kind: str = "notice"
    unit: str = "zhengwu"
    facts: dict[str, Any] = {}
    parts: dict[str, Any] = {}
    table: str = ""


GUIDE = Said(
    "政府信息公开指南",
    "一、公开内容：本局主动公开机构职能、办事程序、财政预决算、行政许可和其他服务事项。\n二、公开方式：门户网站、政务服务大厅公开栏、官方账号。\n"
    "三、依申请公开：公民、法人和其他组织可以在线、当面或者邮寄提出申请；本局自收到之日起二十个工作日内答复。\n四、监督：对公开工作有意见的，"
    "可以向上一级机关投诉、举报。",
    "guide",
    parts={"subject": "政务公开", "keywords": ["公开指南"]},
)
INSTITUTION = Said(
    "政府信息公开工作制度",
    "第一条 为了保障公众依法获取政府信息，制定本制度。\n第二条 公开前进行保密审查，依照国家法律逐项判断。\n第三条 信息形成或者变更之日起二十个工作日内公开。\n"
    "第四条 每年1月31日前公布上一年度的工作报告。",
    "institution",
    parts={"subject": "政务公开", "keywords": ["公开制度", "保密审查"]},
)
REPORT = Said(
    "{year}年政府信息公开工作年度报告",
    "一、总体情况：全年主动公开政府信息，受理依申请公开并按期答复。\n二、主动公开情况：制发规范性文件二件，现行有效二件。\n"
    "三、收到和处理申请情况：见附表。\n四、存在的主要问题：部分科室公开不够及时。",
    "annual_report",
    parts={"subject": "政务公开", "keywords": ["年度报告"]},
    table="项目,数量\n新收申请,61\n予以公开,17\n部分公开,6\n不予公开,9\n",
)
PROCEDURE = Said(
    "建筑工程施工许可办理程序",
    "一、申请条件：已经办理用地和规划许可，资金已经落实。\n二、申请材料：申请表、施工图审查合格书、中标通知书。\n三、办理时限：法定七个工作日，承诺三个工作日。\n"
    "四、收费：不收费。\n五、办理地点：市政务服务中心二楼投资项目窗口。",
    "procedure",
    "touzi",
    parts={"subject": "城乡建设", "keywords": ["施工许可", "办事程序"]},
)
FEES = Said(
    "行政事业性收费目录清单",
    "现公布本局执行的行政事业性收费项目、标准和依据，清单之外的一律不得收取。清单见附件。",
    "other",
    "shangshi",
    parts={"subject": "财政收费", "keywords": ["收费", "清单"]},
    table="收费项目,收费标准,依据\n档案复制费,每页0.2元,宁价费发〔2019〕7号\n证照工本费,免收,财税〔2017〕20号\n",
)
WORKING_HOURS = Said(
    "关于调整政务服务大厅办公时间的通告",
    "自公布之日起，大厅工作日办公时间调整为9:00至17:00，午间不休息；周六上午办理延时服务。",
    "notice",
    "zhengwu",
    parts={"subject": "政务服务", "keywords": ["办公时间", "政务服务"]},
)
MISTAKEN_LIST = Said(
    "招标投标监督检查结果的通报",
    "本季度抽查招标项目十二个，发现资格预审条件设置不当二起，已经责令改正。",
    "notice",
    "touzi",
    parts={"subject": "市场监管", "keywords": ["招标投标", "监督检查"]},
)
RULES = Said(
    "政务服务容缺受理办法",
    "第一条 为了方便群众办事，制定本办法。\n第二条 主要材料齐全、次要材料欠缺的，窗口先行受理，申请人在承诺期限内补齐。\n第三条 容缺受理的事项和材料实行清单管理，"
    "并向社会公布。\n第四条 申请人逾期不补齐的，不予办理。\n第五条 本办法自公布之日起三十日后施行。",
    "normative",
    "shehui",
    parts={"subject": "政务服务", "document_number": "固审批规〔{year}〕1号", "keywords": ["容缺受理", "政务服务"]},
)
OLD_RULES = Said(
    "企业登记全程电子化暂行办法",
    "第一条 企业设立、变更、注销登记可以全程网上办理。\n第二条 申请人对提交材料的真实性负责。\n第三条 电子营业执照与纸质营业执照具有同等效力。",
    "normative",
    "shangshi",
    parts={"subject": "市场准入", "document_number": "固审批规〔{year}〕2号", "keywords": ["企业登记", "营业执照"]},
)
INVESTMENT = Said(
    "关于优化投资项目审批服务的若干措施",
    "一、推行用地、规划、施工许可并联审批。\n二、对社会投资的低风险项目，施工许可一个工作日办结。\n三、政府投资项目推行联合验收。",
    "policy",
    "touzi",
    parts={"subject": "投资审批", "document_number": "固审批发〔{year}〕12号", "keywords": ["投资项目", "并联审批"]},
)
DRAFT = Said(
    "《政务服务“好差评”管理办法（征求意见稿）》",
    "第一条 办事群众可以对窗口服务作出评价，评价分为五级。\n第二条 差评一个工作日内回访，七个工作日内整改反馈。\n第三条 评价结果每月公布，并与窗口考核挂钩。",
    "notice",
    "zhengwu",
    parts={"subject": "政务服务", "keywords": ["好差评", "征求意见"]},
)
MOVING = Said(
    "《不动产登记窗口搬迁方案（征求意见稿）》",
    "不动产登记窗口由老大厅搬至市政务服务中心一楼，原窗口保留三个月过渡。",
    "notice",
    "shehui",
    parts={"subject": "政务服务", "keywords": ["不动产登记", "征求意见"]},
)
DECIDED = Said(
    "不动产登记窗口搬迁方案",
    "不动产登记窗口自下月起搬至市政务服务中心一楼；根据公众意见，老大厅窗口保留六个月，并开通两处自助终端。",
    "notice",
    "shehui",
    parts={"subject": "政务服务", "keywords": ["不动产登记", "窗口搬迁"]},
)


def before(days: int) -> date:
    """The working day so many working days before today."""
    return national_calendar().subtract_working_days(today() + timedelta(days=1), days + 1)


def cases(office: Office) -> list[Awaitable[None]]:
    """Everything that the demonstration publishes, each for itself."""
    year = today().year
    report = REPORT._replace(title=REPORT.title.format(year=year - 1))
    return [
        only(published(office, GUIDE, before(160))),
        only(published(office, INSTITUTION, before(158))),
        only(published(office, report, before(150))),
        only(published(office, PROCEDURE, before(90))),
        only(published(office, FEES, before(75))),
        corrected(office, before(40)),
        withdrawn(office, before(30)),
        explained(office, RULES, before(25)),
        repealed(office, before(120)),
        awaiting_material(office, before(1)),
        in_work(office),
        catalogue(office, year),
        commented(office),
        decided(office),
    ]


async def only(made: Awaitable[object]) -> None:
    """Does it; what it is called does not matter."""
    await made


async def step(office: Office, id: str, verb: str, by: str, day: date, **body: Any) -> dict[str, Any]:
    """A command on a publication."""
    return await office.post(f"{THINGS}/{id}/{verb}", by, day, body)


async def created(office: Office, said: Said, day: date, **facts: Any) -> str:
    """Information whose clock runs, and that goes online."""
    body = {"title": said.title, "kind": said.kind, "origin": "made", "maker": office.agency, "unit": said.unit, **said.facts, **facts}
    id: str = (await office.post(THINGS, "office", day, body))["id"]
    await step(office, id, "decide-online", "office", day, decision="online", reason="不涉密，公众需要了解")
    return id


async def drafted(office: Office, id: str, said: Said, day: date, **more: Any) -> None:
    """Its content with its file, past the quality check."""
    parts = {name: value.format(year=day.year) if isinstance(value, str) else value for name, value in said.parts.items()}
    files = [await uploaded(office, id, day, f"{said.title}附表.csv", said.table)] if said.table else []
    issuer = {"issuer": "固原市行政审批服务局", "date_of_issue": day.isoformat()}
    await step(office, id, "draft", "office", day, title=said.title, text=said.text, files=files, **{**issuer, **parts, **more})
    await step(office, id, "check-quality", "office", day, confirmed=["accurate", "fluent", "style"])


async def uploaded(office: Office, id: str, day: date, name: str, table: str) -> dict[str, Any]:
    """A table of a publication, as the draft names it afterwards."""
    content = table.encode()
    headers = {"Authorization": f"Bearer {office.tokens['office']}", "Gongkai-Today": day.isoformat()}
    answer = await office.client.post(f"{THINGS}/{id}/files", files={"file": (name, content)}, headers=headers)
    if answer.status_code != 201:
        raise Failed(f"{name}：{answer.status_code} {answer.json().get('detail')}")
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


async def reviewed(office: Office, id: str, day: date) -> None:
    """Through secrecy review, over NATS and back."""
    await step(office, id, "request-review", "office", day)
    review = f"/api/review/secrecy-reviews/{await office.review_of(id)}"
    files = (await office.get(review, "reviewer"))["files"]
    finding = {"opinion": "release", "bases": ["保守国家秘密法"], "reason": "经审查，不涉及国家秘密、工作秘密。"}
    await office.post(f"{review}/give-opinion", "reviewer", day, {"opinions": [{"sha256": one["sha256"], **finding} for one in files]})
    await office.post(f"{review}/approve", "leader", day, {"approves": (await office.get(f"{review}/opinion", "leader"))["approves"]})
    for _ in range(600):
        if not (await standing(office, id))["in_review"]:
            return
        await asyncio.sleep(0.1)
    raise Failed(f"公开信息 {id} 没有收到保密审查结论")


async def standing(office: Office, id: str) -> dict[str, Any]:
    """A publication as it stands."""
    return await office.get(f"{THINGS}/{id}", "office")


async def approved(office: Office, id: str, day: date) -> None:
    """By the leader, as it stands there."""
    await step(office, id, "approve", "leader", day, approves=(await standing(office, id))["draft"]["hash"])


async def put_out(office: Office, id: str, day: date, channels: Sequence[str] = ("portal",)) -> None:
    """From its draft to the public."""
    await reviewed(office, id, day)
    await approved(office, id, day)
    for channel in channels:
        await step(office, id, "publish", "office", day, channel=channel, evidence=EVIDENCE)


async def published(office: Office, said: Said, day: date, channels: Sequence[str] = ("portal",), **facts: Any) -> str:
    """From its creation to the public, within one day; its id."""
    id = await created(office, said, day, **facts)
    await drafted(office, id, said, day)
    await put_out(office, id, day, channels)
    return id


async def corrected(office: Office, day: date) -> None:
    """An item of which a second version took the place of the first."""
    id = await published(office, WORKING_HOURS, day, ("portal", "notice_board"))
    later = national_calendar().add_working_days(day, 2)
    mended = WORKING_HOURS._replace(text=WORKING_HOURS.text.replace("9:00至17:00", "9:00至17:30"))
    await drafted(office, id, mended, later, correction="办公结束时间有误，更正为17:30")
    await put_out(office, id, later)
    await step(office, id, "record-feedback", "office", later, feedback="群众询问周六办理的事项", handling="已在大厅公布延时服务事项清单")


async def withdrawn(office: Office, day: date) -> None:
    """An item that was taken off."""
    id = await published(office, MISTAKEN_LIST, day)
    later = national_calendar().add_working_days(day, 3)
    await step(office, id, "withdraw", "leader", later, reason="其中一个项目的检查结论正在复核")


async def planned(office: Office, id: str, said: Said, day: date) -> str:
    """The plan of its interpretation, approved; the interpretation's path."""
    plan = {"document": id, "unit": said.unit, "outline": "制定背景、主要内容、办理方式", "forms": ["questions"], "ways": ["portal"]}
    made = await office.post(EXPLAINED, "unit", day, {**plan, "planned_for": day.isoformat()})
    thing = f"{EXPLAINED}/{made['id']}"
    await office.post(f"{thing}/approve-plan", "leader", day, {})
    return thing


async def explained(office: Office, said: Said, day: date) -> None:
    """A normative document with its interpretation, which was reviewed outside."""
    id = await created(office, said, day)
    thing = await planned(office, id, said, day)
    await drafted(office, id, said, day)
    await put_out(office, id, day, ("portal", "newspaper", "official_account"))
    later = national_calendar().add_working_days(day, 2)
    text = (
        "问：哪些事项可以容缺受理？\n答：清单内的一百二十项，清单在门户网站公布。\n"
        "问：欠缺的材料什么时候补齐？\n答：在窗口告知的期限内，最长十个工作日。"
    )
    await interpreted(office, thing, text, later)


async def interpreted(office: Office, thing: str, text: str, day: date) -> None:
    """Material that was reviewed outside, and is public."""
    await office.post(f"{thing}/submit-material", "unit", day, {"text": text})
    passed = {"passed": True, "reviewer": "市政府办公室", "document": f"政办审〔{day.year}〕8号"}
    await office.post(f"{thing}/record-outside-review", "office", day, passed)
    await office.post(f"{thing}/put-out", "office", day, {"channel": "portal", "evidence": "解读专栏"})
    await office.post(f"{thing}/update-column", "office", day, {"evidence": "解读专栏"})


async def repealed(office: Office, day: date) -> None:
    """A document that is in force no more."""
    id = await created(office, OLD_RULES, day)
    thing = await planned(office, id, OLD_RULES, day)
    await drafted(office, id, OLD_RULES, day)
    await put_out(office, id, day)
    text = "问：电子营业执照有什么用？\n答：与纸质营业执照具有同等效力，办事时可以直接出示。"
    await interpreted(office, thing, text, national_calendar().add_working_days(day, 1))
    await step(office, id, "change-validity", "leader", before(20), validity="repealed", basis=f"固审批规〔{day.year}〕3号")


async def awaiting_material(office: Office, day: date) -> None:
    """A policy that is public and waits for its interpretation."""
    id = await created(office, INVESTMENT, day)
    await planned(office, id, INVESTMENT, day)
    await drafted(office, id, INVESTMENT, day)
    await put_out(office, id, day)


async def in_work(office: Office) -> None:
    """Items on their way: to be drafted, with faults that the machine found, in secrecy review, and approved."""
    day = before(4)
    waiting, faulty = Said("政务服务事项基本目录", ""), Said("窗口服务规范", "既使材料不齐，，也应当一次告知。联系人：×××")
    reviewing = Said("社会事务审批事项办理结果", "上季度办结社会事务审批事项三百二十件。", parts={"subject": "行政审批"})
    ready = Said("市场准入审批事项办理结果", "上季度办结市场准入审批事项一千二百件。", parts={"subject": "行政审批"})

    async def with_faults() -> None:
        id = await created(office, faulty, day)
        await drafted(office, id, faulty, day)

    async def under_review() -> None:
        id = await created(office, reviewing, day)
        await drafted(office, id, reviewing, day)
        await step(office, id, "request-review", "office", day)

    async def to_publish() -> None:
        id = await created(office, ready, day)
        await drafted(office, id, ready, day)
        await put_out(office, id, day, ())

    await asyncio.gather(created(office, waiting, before(15)), with_faults(), under_review(), to_publish())


async def catalogue(office: Office, year: int) -> None:
    """Lines of the catalogue since the year began: one of every quarter with one in time and one late, the rest missed; one in stages; one at once."""
    first = national_calendar().add_working_days(date(year, 1, 1), 1)
    said = {"sphere": "government", "audience": "external", "channels": ["portal", "notice_board"]}
    lines = (
        {"name": "部门预算执行情况", "category": "finance", "basis": "国令711 第二十条第七项", "unit": "zonghe", "cadence": "quarter"},
        {"name": "政务服务中心改造进展", "category": "functions", "basis": "国令711 第二十一条", "unit": "shehui", "cadence": "staged"},
        {"name": "规范性文件", "category": "rules", "basis": "国令711 第二十条第一项", "unit": "zhengwu", "cadence": "at_once"},
        {"name": "党组议事情况", "category": "decisions", "basis": "本局党务政务公开制度", "unit": "zonghe", "cadence": "half_year"},
    )
    inside = {"sphere": "party", "audience": "internal", "channels": ["staff_meeting", "briefing"]}
    made = await asyncio.gather(
        *(office.post(ENTRIES, "office", first, {**said, **line, **(inside if line["category"] == "decisions" else {})}) for line in lines)
    )
    quarters, stages = made[0]["id"], made[1]["id"]

    async def quarter(number: int, day: date) -> None:
        title = f"{year}年第{'一二三四'[number - 1]}季度部门预算执行情况"
        table = f"项目,预算数（万元）,执行数（万元）\n基本支出,620,{148 * number}\n项目支出,415,{97 * number}\n"
        text = "本季度预算执行情况见附表，“三公”经费支出没有超过预算。"
        parts = {"subject": "财政预决算", "keywords": ["预算", "三公经费"]}
        item = Said(title, text, "budget", "zonghe", {"entry": quarters, "period": f"{year}-Q{number}"}, parts, table)
        await published(office, item, day, ("portal", "notice_board"))

    async def stage(name: str, day: date, *, told: bool) -> None:
        await office.post(f"{ENTRIES}/{stages}/end-stage", "office", day, {"stage": name})
        if told:
            text = "改造工程招标完成，中标单位和合同金额见门户网站公共资源交易专栏。"
            item = Said(f"政务服务中心改造：{name}", text, "notice", "shehui", {"entry": stages, "period": name}, {"subject": "政务服务"})
            await published(office, item, national_calendar().add_working_days(day, 5))

    acts = []
    if today() > date(year, 4, 20):
        acts.append(quarter(1, date(year, 4, 16)))
    if today() > date(year, 8, 20):
        acts.append(quarter(2, date(year, 8, 18)))
    await asyncio.gather(*acts, stages_of(stage))


async def stages_of(stage: Any) -> None:
    """One stage that was told, and a later one that was not."""
    await stage("招标", before(60), told=True)
    await stage("施工", before(28), told=False)


async def opened(office: Office, title: str, unit: str, draft: str, text: str, day: date, until: date) -> str:
    """A matter whose draft is public; its id."""
    proposal = {"title": title, "unit": unit, "impact": "limited", "touches_interests": True}
    id: str = (await office.post(MATTERS, "office", day, proposal))["id"]
    risk = {"methods": ["tracking", "visits"], "level": "low", "plan": "专人解释，及时回应"}
    await office.post(f"{MATTERS}/{id}/record-risk", "office", day, risk)
    opening = {"draft": hashlib.sha256(draft.encode()).hexdigest(), "explanation": text, "ways": ["online", "post"]}
    await office.post(f"{MATTERS}/{id}/open-to-comments", "office", day, {**opening, "until": until.isoformat(), "form": "open"})
    return id


async def say(office: Office, matter: str, text: str, day: date, *, representative: bool = False) -> str:
    """Somebody's comment, as the office enters one that came on that day; its id."""
    body = {"consultation": matter, "text": text, "representative": representative, "name": office.draw.choice("王李张刘陈马") + "某"}
    made: str = (await office.post(COMMENTS, "office", day, body))["id"]
    return made


async def answer(office: Office, comment: str, day: date, adopted: bool, why: str) -> None:
    """Examined, then adopted or not."""
    await office.post(f"{COMMENTS}/{comment}/examine", "office", day, {"reasonable": adopted, "argument": why})
    await office.post(f"{COMMENTS}/{comment}/answer", "office", day, {"adopted": adopted, "reason": "" if adopted else why})


async def commented(office: Office) -> None:
    """A draft that is open to comments: of five, one was adopted, one not, one was examined, two wait."""
    day = before(8)
    await published(office, DRAFT, day)
    text = "为了规范政务服务评价，保障办事群众的监督权利，起草了本办法。重点征求对评价等级、整改时限的意见。"
    id = await opened(office, "政务服务“好差评”管理办法", "zhengwu", DRAFT.text, text, day, day + timedelta(days=40))
    said = (
        "建议评价增加匿名选项。", "差评七个工作日整改太长，建议改为三个工作日。", "希望每个窗口都贴二维码。",
        "老年人不会用手机，建议保留纸质评价表。", "支持。",
    )  # fmt: skip
    comments = [await say(office, id, one, before(6), representative=number == 1) for number, one in enumerate(said)]
    await answer(office, comments[0], before(3), True, "匿名评价有利于群众如实评价，可行。")
    await answer(office, comments[1], before(3), False, "部分整改涉及采购和装修，三个工作日难以完成。")
    examined = {"reasonable": True, "argument": "老年人的需要应当照顾，纸质评价表成本不高。"}
    await office.post(f"{COMMENTS}/{comments[3]}/examine", "office", before(2), examined)


async def decided(office: Office) -> None:
    """A matter through all of its stages but the result: comments collated and answered, the adoption told, the decision public."""
    day, until = before(52), before(52) + timedelta(days=30)
    await published(office, MOVING, day)
    text = "老大厅空间不足，群众排队时间长，拟搬迁不动产登记窗口。"
    id = await opened(office, "不动产登记窗口搬迁", "shehui", MOVING.text, text, day, until)
    said = ("老大厅窗口应当多保留一段时间。", "新大厅公交不方便，请保留老窗口。", "建议设自助终端。")
    comments = [await say(office, id, one, day + timedelta(days=7)) for one in said]
    after = until + timedelta(days=1)
    groups = [{"gist": "延长老窗口的过渡期", "numbers": "1-2", "on_paper": 3}, {"gist": "设置自助终端", "numbers": "3"}]
    await office.post(f"{MATTERS}/{id}/collate", "office", after, {"groups": groups})
    await asyncio.gather(*(answer(office, one, after, True, "便民，可行。") for one in comments))
    told = {
        "adopted": "老窗口保留六个月；开通两处自助终端。",
        "not_adopted": "没有未采纳的意见。",
        "channels": ["portal"],
        "evidence": EVIDENCE,
    }
    await office.post(f"{MATTERS}/{id}/tell-adoption", "office", after, told)
    decision = await published(office, DECIDED, before(25), matter=id, stage="decision")
    linked = {"publication": decision, "discussion": "局务会讨论通过，采纳公众意见两项"}
    await office.post(f"{MATTERS}/{id}/link-decision", "office", before(25), linked)
