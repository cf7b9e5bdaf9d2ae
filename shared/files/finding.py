"""What a check finds in a file: a code, where, and how many; never what stands there, for a finding is kept in the open."""

from enum import StrEnum

import msgspec


class Weight(StrEnum):
    """What a finding does."""

    TOLD = "told"
    """It is shown, and stops nothing."""
    BLOCKS = "blocks"
    """The file is not given out until a person accepts the finding with a reason, or a cleaned copy takes its place."""
    REFUSES = "refuses"
    """The file is not taken at all."""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One kind of thing found: `code` (stable), `where` (第 2 页, 第 3 个工作表, …) and how many."""

    code: str
    where: str = ""
    count: int = 1

    @property
    def weight(self) -> Weight:
        """What it does."""
        return KINDS[self.code][0]

    @property
    def sentence(self) -> str:
        """As people read it."""
        text = KINDS[self.code][1]
        return f"{self.where}：{text}" if self.where else text


BLOCKS, TOLD, REFUSES = Weight.BLOCKS, Weight.TOLD, Weight.REFUSES

KINDS: dict[str, tuple[Weight, str]] = {
    "covered-text": (BLOCKS, "有看不见的文字（被色块或图像遮盖、与底色相同或者不可见），但仍可复制提取"),
    "pdf-attachment": (BLOCKS, "PDF 内嵌有附件"),
    "annotation": (BLOCKS, "有批注、标记或者图章"),
    "form-field": (BLOCKS, "有表单域，其中可能有填写的内容"),
    "hidden-layer": (BLOCKS, "有不显示的图层"),
    "earlier-version": (BLOCKS, "文件经过增量保存，其中仍留有修改以前的内容"),
    "unchecked-pages": (BLOCKS, "页数过多，没有逐页检查遮盖的文字"),
    "hidden-sheet": (BLOCKS, "有隐藏的工作表"),
    "hidden-row": (BLOCKS, "有隐藏的行"),
    "hidden-column": (BLOCKS, "有隐藏的列"),
    "pivot-cache": (BLOCKS, "有数据透视表的缓存，其中可能有全部源数据"),
    "external-link": (BLOCKS, "有指向其他文件的链接，其中存有那些文件的数据"),
    "comment": (BLOCKS, "有批注"),
    "hidden-name": (BLOCKS, "有隐藏的名称定义"),
    "defined-name": (TOLD, "有名称定义"),
    "white-text": (BLOCKS, "有与底色相同的文字"),
    "tracked-change": (BLOCKS, "有修订记录（插入、删除的内容）"),
    "hidden-text": (BLOCKS, "有隐藏的文字"),
    "embedded-file": (BLOCKS, "嵌入有其他文件"),
    "hidden-slide": (BLOCKS, "有隐藏的幻灯片"),
    "speaker-notes": (BLOCKS, "有演讲者备注"),
    "person-in-properties": (BLOCKS, "文档属性中有人名、单位或者其他说明"),
    "properties": (TOLD, "文档属性中有标题、软件名称等"),
    "custom-properties": (BLOCKS, "有自定义的文档属性"),
    "photo-metadata": (BLOCKS, "图像带有拍摄信息（可能有时间、地点、设备）"),
    "unchecked-format": (BLOCKS, "这种格式不能自动检查隐藏内容，须由人逐页核对"),
    "images-unread": (TOLD, "有图像，其中的文字没有检查"),
    "formula-text": (TOLD, "有以 = + - @ 开头的单元格，用表格软件打开时可能被当作公式"),
    "macro": (REFUSES, "含有宏或者其他可执行的内容，请另存为不含宏的文件后再上传"),
    "script": (REFUSES, "含有脚本或者会启动程序的内容，请另存（打印为 PDF）后再上传"),
    "remote-template": (REFUSES, "引用了其他位置的模板或者会自动取数，请去除后再上传"),
    "encrypted": (REFUSES, "文件加了密码，不能检查，请去除密码后再上传"),
    "unreadable": (REFUSES, "文件损坏或者格式不符，不能打开，请核对后重新上传"),
    "bomb": (REFUSES, "压缩包展开后过大、条目过多或者压缩比异常，没有接收"),
    "bad-entry": (REFUSES, "压缩包中有不安全的路径、链接或者重名，没有接收"),
    "nested-archive": (REFUSES, "压缩包中还有压缩包，请展开后分别上传"),
    "program": (REFUSES, "压缩包中有程序或者脚本文件，没有接收"),
    "too-many-pixels": (REFUSES, "图像的像素过多，请缩小后再上传"),
    "kind-not-allowed": (REFUSES, "不接收这种文件；可上传 PDF、OFD、DOCX、XLSX、PPTX、TXT、CSV、JPG、PNG（申请人还可上传 ZIP）"),
    "name-differs": (REFUSES, "文件名的后缀与内容不一致，请核对后改名再上传"),
    "old-office": (REFUSES, "不接收旧版 Office 文件（doc、xls、ppt），请另存为 docx、xlsx、pptx 或者 PDF"),
    "zip-given-out": (REFUSES, "压缩包不能逐份审查，请展开后分别上传"),
}
"""Every code: what it does, and how it is told."""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """`kind`: the ending of a kind of kinds.KINDS, '' where it is none. A report with refusals means that the file is not taken."""

    kind: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def refusals(self) -> list[Finding]:
        """Why it is not taken."""
        return [one for one in self.findings if one.weight is Weight.REFUSES]

    @property
    def blocks(self) -> list[Finding]:
        """What keeps it from being given out."""
        return [one for one in self.findings if one.weight is Weight.BLOCKS]


CLEANABLE = frozenset({"pdf", "docx", "xlsx", "jpg", "png"})
"""The kinds of which a copy can be made that hides nothing."""
