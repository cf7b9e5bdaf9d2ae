"""The form on which a request may be made (格式文本, YS-05.1c): plain text that can be printed, filled in by hand and handed in or sent.

It asks what the form on the pages asks, from the same declaration, so that the two never differ. Its version is recorded with each request that
was made on it. Who has trouble with writing says it by word of mouth, and a clerk writes it down (Decree 711, Articles 29 and 43).
"""

from shared.kernel.commands import Command
from shared.web.forms import Field, fields_of

VERSION = "2026-11"
"""Which text is offered now; it changes with every change of the text (a test compares)."""

PUBLIC_FIELDS = ("applicant_kind", "applicant_name", "id_number", "contact", "address", "content", "form", "delivery", "own_records")
"""What a member of the public fills in; the rest is a clerk's."""

LINE = "＿" * 24

HEAD = """政府信息公开申请书

（{version}版）

受理机关：{agency}

说明
一、写明“必填”的项目须填写；有方框的，在所选的一项打“√”。不需要说明申请的用途。
二、申请查询与自身相关的登记、税费、社会保障等信息的，须出示有效身份证件。
三、填写有困难的，可以口头提出，由工作人员代为填写，经申请人核对后提交。
四、可以当面提交，也可以邮寄、传真，或者在网上直接填写提交。

"""

TAIL = """申请人（签名或者盖章）：{line}

日期：＿＿＿＿年＿＿月＿＿日

代填人（口头提出的，由工作人员填写）：{line}
"""


def form_text(agency: str, application: type[Command]) -> str:
    """The form of the agency of this name, as text with line feeds; `application` is the command whose fields it asks for."""
    fields = fields_of(application, only=PUBLIC_FIELDS)
    asked = "\n".join(f"{number}．{as_asked(field)}" for number, field in enumerate(fields, start=1))
    return HEAD.format(version=VERSION, agency=agency) + asked + "\n" + TAIL.format(line=LINE)


def as_asked(field: Field) -> str:
    """A field as it stands on paper: choices with boxes, room for more lines where much is to be written."""
    head = f"{field.title}{'（必填）' if field.required else ''}："
    if field.kind == "flag":
        return f"{head}\n   □ 是    □ 否\n"
    if field.choices:
        return f"{head}\n" + "".join(f"   □ {title}\n" for key, title in field.choices if key)
    lines = 5 if field.kind == "area" else 1
    return head + "\n" + f"   {LINE}\n" * lines
