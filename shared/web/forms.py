"""Forms made from commands: the fields of the model with their titles and hints, and back from what was typed to the command."""

import json
import re
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shared.kernel.commands import Command
from shared.kernel.routes import sentence
from shared.law.outcomes import OUTCOMES

ROWS = 3
"""How many rows a list of parts offers."""

MOST_ROWS = 100
"""More are not read."""

LINES = "每行一项"
"""What a list of texts is told, where its command tells nothing."""

LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
"""A moment as a browser sends it, without a zone: it is Beijing's."""

CHOICES: dict[str, str] = {
    "natural_person": "自然人", "commercial": "商业企业", "research": "科研机构", "public_welfare": "社会公益组织", "legal_service": "法律服务机构", "other": "其他",
    "internet": "互联网", "registered_post": "挂号信、特快专递", "ordinary_letter": "平常信函", "telegram": "电报", "telex": "电传", "fax": "传真",
    "edi": "电子数据交换", "email": "电子邮件", "in_person": "当面提交", "oral": "口头提出", "post": "邮寄", "pick_up": "自行领取", "online": "网上获取",
    "electronic": "电子", "paper": "纸质", "disc": "光盘", "on_site": "现场查阅", "items": "按件", "pages": "按量（页）", "cost": "成本费",
    "release": "公开", "exempt": "免于公开", "partial": "区分处理", "escalate": "报请确定", "none": "不涉密", "secret": "秘密", "confidential": "机密",
    "top_secret": "绝密", "work_secret": "工作秘密", "trade_secret": "商业秘密", "state_secret": "国家秘密", "personal_privacy": "个人隐私",
    "three_securities": "三安全一稳定", "superior": "有权机关（业务方面）", "secrecy_office": "保密行政管理部门",
    "publishing": "主动公开", "press": "新闻发布", "unit": "涉及单位", "authority": "业务主管部门", "expert": "专家",
    "competent_department": "主管部门", "supervision_department": "监察部门", "upheld": "结果维持", "overturned": "结果纠正", "other_result": "其他结果", "corrected": "本机关已更正", "corrected_by_other": "有关机关已更正",
    "inaccurate": "不准确", "incomplete": "不完整", "out_of_date": "不适时", "irrelevant": "不相关", "refused": "不予更正", "transferred": "转送", "told": "告知向其提出",
    "asked_by_many": "多人申请相同信息", "suggested": "申请人建议", "own_motion": "本机关认为应当公开",
    "consistent": "经核实一致，已说明", "withdrawn": "已撤下",
    "party": "党务", "government": "政务", "external": "对外公开", "internal": "对内公开", "both": "对内对外公开", "year": "每年", "half_year": "每半年",
    "quarter": "每季度", "month": "每月", "staged": "逐段", "at_once": "随时", "decisions": "重要事项与中心工作", "ideology": "思想建设",
    "organisation": "组织建设", "conduct": "作风建设", "rules": "制度建设", "functions": "机构职能、办事程序和收费", "policy": "政策执行和工程项目",
    "finance": "财政预决算、资金和审计", "portal": "门户网站", "notice_board": "公开栏", "newspaper": "报刊", "radio": "广播电视",
    "official_account": "政务新媒体", "screen": "电子屏", "reception_day": "领导接待日", "telephone": "公开电话", "staff_meeting": "职工会",
    "briefing": "通报会", "stage_meeting": "阶段会", "handbook": "便民手册", "normative": "规范性文件", "budget": "财政预决算", "procedure": "办事程序",
    "notice": "通知公告", "guide": "政府信息公开指南", "institution": "政府信息公开制度", "annual_report": "政府信息公开年报",
    "webhook": "推送接口（签名）", "websub": "WebSub 订阅中心", "smtp": "电子邮箱", "delivered": "已经送达", "abandoned": "不再投递",
    "again": "再发一次", "sent": "已经发到", "left": "改用其他方式",
    "made": "本机关制作", "obtained": "从公民、法人和其他组织获取", "joint": "多家联合起草", "withheld": "不予公开",
    "article": "撰稿", "questions": "问答", "talk": "访谈", "interview": "专访", "press_answers": "答记者问", "press_conference": "新闻发布会",
    "plan_approval": "方案审定", "material": "解读材料", "major": "重大", "wide": "较广", "limited": "有限", "hearing": "听证会", "forum": "座谈会",
    "consultation_meeting": "协商会", "tracking": "跟踪", "sampling": "抽样", "visits": "走访", "joint_study": "会商", "low": "低", "medium": "中", "high": "高",
    "comments": "事前征求意见", "decision": "决策公开", "open": "开放式听取意见", "in_force": "现行有效", "amended": "已修改", "expired": "失效", "repealed": "废止", "requested": "依申请公开转化", "statement": "发布稿", "press_event": "新闻发布会",
    "website": "网站", "weibo": "微博", "wechat": "微信", "video": "视频平台", "broadcast": "广播电视", "hotline": "政府热线",
    "visit": "来访", "city_office": "市政府办公室", "true": "属实", "partly": "部分属实", "misunderstood": "误解", "distorted": "歪曲", "rumour": "谣言",
    "sensitive": "敏感", "ordinary": "一般", "same": "本级机关", "higher": "上级机关",
    "response": "舆情回应", "result": "结果公开", "accurate": "内容准确", "fluent": "语言通顺简洁", "style": "文体格式规范",
    "suggestion": "建议", "criticism": "意见", "question": "咨询", "form": "征求意见和建议表", "box": "意见箱", "supervisor": "义务监督员",
    "adopted": "采纳", "partly_adopted": "部分采纳", "not_adopted": "未采纳", "explained": "已作说明", "by_phone": "电话",
    "face_to_face": "当面告知", "not_answered": "不依法答复公开申请", "not_published": "应当主动公开而未公开",
    "paid_affiliate": "通过附属单位、中介组织有偿或者变相有偿提供", "unlawful_fee": "违规收费", "bad_conduct": "敷衍、推诿、刁难，拒绝合理建议和要求",
    "wrong_release": "公开了不应当公开的信息", "page": "网页", "complaint_line": "投诉电话", "assigned_from_above": "上级交办", "not_competent": "不属于本机关管辖",
    "repeated": "重复投诉举报", "no_facts": "没有具体事实", "remedy_pending": "已经申请复议或者提起诉讼",
    "founded": "属实", "partly_founded": "部分属实", "unfounded": "不属实", "supervision": "督导",
    "daily": "日常监督", "periodic": "定期检查", "survey": "知晓率、满意率测评", "target": "年度目标管理考核", "integrity": "党风廉政责任制考核",
    "complaint": "投诉、举报", "self_check": "考核或者自查发现", "overdue": "逾期", "opinion": "舆情处置不力",
    "media": "媒体曝光", "paid_disclosure": "有偿提供信息", "important": "重要",
    "direct": "直接责任", "in_charge": "主管责任", "leader": "领导责任", "minor": "轻微", "serious": "严重", "criminal": "涉嫌犯罪", "maintained": "维持",
    "changed": "变更（减轻）", "revoked": "撤销",
    "full": "普遍考核", "focused": "重点考核", "excellent": "优秀", "good": "良好", "passed": "合格", "failed": "不合格",
    "content_judged": "内容合规、准确、具体", "form_judged": "形式实用有效", "system_judged": "制度完善", "effect_judged": "效果显著",
    "own_agency": "本机关", "whole_government": "本级政府", "rules_made": "规章：本年制发件数", "rules_ended": "规章：本年废止件数",
    "rules_valid": "规章：现行有效件数", "normative_made": "行政规范性文件：本年制发件数", "normative_ended": "行政规范性文件：本年废止件数",
    "normative_valid": "行政规范性文件：现行有效件数", "licences": "行政许可：本年处理决定数量", "penalties": "行政处罚：本年处理决定数量",
    "compulsion": "行政强制：本年处理决定数量", "charges": "行政事业性收费：本年收费金额（万元）",
    "bbs": "论坛", "consult": "咨询", "complain": "投诉", "suggest": "建议", "special": "专报", "warning": "预警", "bulletin": "通报",
    "late_report": "迟报", "unreported": "未报送", "late_detection": "发现迟",
    "journalists_met": "约见记者", "party_committee": "市委", "city_government": "市政府", "bureau": "本局",
    **{key: f"{one.group}：{one.label}" for key, one in OUTCOMES.items()},
}  # fmt: skip
"""The Chinese of choices; one that has none is shown as it is."""


class Field(msgspec.Struct):
    """A field of a form."""

    name: str
    title: str
    hint: str
    kind: str
    required: bool
    value: str
    choices: list[tuple[str, str]] = []
    rows: list[list["Field"]] = []
    wrong: str = ""


def fields_of(
    model: type[BaseModel],
    values: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    *,
    only: tuple[str, ...] | None = None,
) -> list[Field]:
    """The fields of a command's form, with what was typed and what is wrong with it."""
    typed, faults = values or {}, wrong or {}
    made = []
    for name, info in model.model_fields.items():
        if only is not None and name not in only:
            continue
        made.append(_field(name, info, typed, faults))
    return made


def as_choice(field: Field, choices: list[tuple[str, str]]) -> None:
    """Makes a field of text a choice between what there is; nothing is chosen for a person."""
    field.kind, field.choices = "choice", [("", "请选择" if field.required else "（不填）"), *choices]


def parse(model: type[Command], values: dict[str, list[str]], **fixed: Any) -> tuple[Command | None, dict[str, str]]:
    """The command that was typed, or what is wrong with each field."""
    typed: dict[str, Any] = dict(fixed)
    for name, info in model.model_fields.items():
        if name not in fixed and (read := _read(name, info, values)) is not None:
            typed[name] = read
    try:
        return model.model_validate_json(json.dumps(typed)), {}
    except ValidationError as error:
        found = {}
        for item in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in item["loc"])
            found[place] = sentence(item["type"], item.get("ctx", {}), item["msg"])
        return None, found


def faults_of(model: type[BaseModel], wrong: dict[str, str]) -> list[tuple[str, str, str]]:
    """What is wrong: the field's name, the title that people see, and the sentence."""
    return [(name, _title(model, name.split(".")), told) for name, told in wrong.items()]


def title_of(model: type[BaseModel], name: str) -> str:
    """How people see a field of a form; '' for what is no field of the model."""
    return _title(model, name.split(".")) if name.partition(".")[0] in model.model_fields else ""


def _title(model: type[BaseModel], place: list[str]) -> str:
    """How people see a place: `grounds.0.article` is 「依据、理由」第 1 项「依据条款」."""
    info = model.model_fields.get(place[0])
    if info is None:
        return place[0]
    title = info.title or place[0]
    if len(place) == 1:
        return title
    kind, inner = _kind(info)
    numbered = f"{title}，第 {int(place[1]) + 1} 项" if place[1].isdecimal() else title
    return f"{numbered}，{_title(inner, place[2:])}" if kind == "parts" and len(place) > 2 else numbered


def _field(name: str, info: FieldInfo, typed: dict[str, list[str]], faults: dict[str, str]) -> Field:
    kind, inner = _kind(info)
    default = "" if info.is_required() or info.default in (None, (), []) else info.default
    shown = default.value if isinstance(default, Enum) else default
    value = "\n".join(typed[name]) if name in typed else ("" if shown is False else "1" if shown is True else str(shown))
    made = Field(
        name=name,
        title=info.title or name,
        hint=info.description or (LINES if kind == "lines" else ""),
        kind=kind,
        required=info.is_required(),
        value=value,
        wrong=faults.get(name, ""),
    )
    if kind == "choices":
        made.choices = [(str(choice), CHOICES.get(str(choice), str(choice))) for choice in inner]
    if kind == "choice":
        made.choices = [(str(choice), CHOICES.get(str(choice), str(choice) or "（无）")) for choice in inner]
        # Nothing is chosen for a person: what has no default starts empty, and leaves a fact as it is where it may stay empty.
        if default == "" and "" not in inner:
            made.choices.insert(0, ("", "请选择" if made.required else "（不填）"))
    if kind == "parts":
        for number in range(rows_of(name, typed)):
            row = []
            for part_name, part in inner.model_fields.items():
                place = f"{name}.{number}.{part_name}"
                field = _field(place, part, typed, faults)
                field.required = False
                row.append(field)
            made.rows.append(row)
    return made


def rows_of(name: str, values: dict[str, list[str]]) -> int:
    """How many rows a list of parts has: as many as were filled, and never fewer than are offered."""
    numbers = [
        int(part) for place in values if place.startswith(f"{name}.") and (part := place.split(".")[1]).isdecimal() and len(part) < 4
    ]
    return min(max([ROWS - 1, *numbers]) + 1, MOST_ROWS)


def _kind(info: FieldInfo) -> tuple[str, Any]:
    """How a field is shown: text, area, choice, flag, date, moment, number, choices (any of some), lines (texts, one a line) or parts (rows of
    a model).
    """
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    plain = _without_none(info.annotation)
    if "enum" in extra or get_origin(plain) is Literal:
        return "choice", extra.get("enum") or get_args(plain)
    if isinstance(plain, type) and issubclass(plain, Enum):
        return "choice", [member.value for member in plain]
    if get_origin(plain) is tuple:
        inner = get_args(plain)[0]
        if get_origin(inner) is Literal:
            return "choices", get_args(inner)
        return ("parts", inner) if isinstance(inner, type) and issubclass(inner, BaseModel) else ("lines", None)
    if plain is AwareDatetime:
        return "moment", None
    simple = {"bool": "flag", "date": "date", "int": "number"}.get(getattr(plain, "__name__", ""))
    if simple:
        return simple, None
    for metadata in info.metadata:
        found = getattr(metadata, "json_schema_extra", None)
        if isinstance(found, dict):
            extra = {**found, **extra}
    return ("area" if extra.get("widget") == "textarea" else "text"), None


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return _without_none(kinds[0])
    return getattr(annotation, "__origin__", annotation) if hasattr(annotation, "__metadata__") else annotation


def _read(name: str, info: FieldInfo, values: dict[str, list[str]]) -> Any:
    kind, inner = _kind(info)
    text = "\n".join(values.get(name, [])).strip()
    if kind == "flag":
        return text == "1"
    if kind in ("lines", "choices"):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines or None
    if kind == "parts":
        rows = []
        for number in range(rows_of(name, values)):
            row = {
                part: read
                for part, part_info in inner.model_fields.items()
                if (read := _read(f"{name}.{number}.{part}", part_info, values)) is not None
            }
            if any(_filled(part, value, inner) for part, value in row.items()):
                rows.append(row)
        return rows or None
    if not text:
        return None
    if kind == "moment" and LOCAL.fullmatch(text):
        return f"{text}+08:00"
    return int(text) if kind == "number" and text.removeprefix("-").isdecimal() else text


def _filled(name: str, value: Any, model: type[BaseModel]) -> bool:
    """A choice alone fills no row: it always has a value."""
    kind, _ = _kind(model.model_fields[name])
    return kind not in ("choice", "flag") and bool(value)
