"""Every setting of the platform in one typed model: its default, its unit and what it is for. A wrong one is named at start.

Values come from the environment (`GONGKAI_…`), or from `gongkai.env` in the data directory.
"""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(ValueError):
    """One or more settings are wrong; the text names each, in Chinese, and never the value of a secret."""


def _unit(unit: str) -> dict[str, Any]:
    return {"unit": unit}


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError(OWN, "{sentence}", {"sentence": sentence})


OWN = "gongkai"
"""The type of errors whose sentence is ours."""


def _listed(value: object) -> object:
    """What is written with commas as a list; brackets are allowed."""
    return tuple(part.strip() for part in value.strip("[] ").split(",") if part.strip()) if isinstance(value, str) else value


def _postgres(value: SecretStr | None) -> SecretStr | None:
    try:
        if value is None or conninfo_to_dict(value.get_secret_value()):
            return value
    except ProgrammingError:
        pass
    raise _wrong("不是 PostgreSQL 的地址，应如 postgresql://用户:口令@主机:5432/postgres")


def _nats(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not all(
        urlsplit(one.strip()).scheme in ("nats", "tls", "ws", "wss") and urlsplit(one.strip()).hostname
        for one in value.get_secret_value().split(",")
    ):
        raise _wrong("不是 NATS 的地址，应如 nats://用户:口令@主机:4222")
    return value


def _smtp(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    parts = urlsplit(value.get_secret_value())
    try:
        right = parts.scheme in ("smtp", "starttls", "smtps") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or parts.path not in ("", "/"):
        raise _wrong("应为 smtps://用户:口令@主机:465，或者 starttls://主机:587、smtp://主机:25")
    return value


def _mailbox(value: str) -> str:
    if value and re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", value) is None:
        raise _wrong("应为一个电子邮箱，如 gongkai@example.gov.cn")
    return value


def _public(value: str) -> str:
    if not value:
        return value
    parts = urlsplit(value)
    try:
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise _wrong("应为 https://主机 或 https://主机:端口，不带路径、参数和口令")
    return f"{parts.scheme}://{parts.netloc}"


def _proxies(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        try:
            ip_network(one)
        except ValueError:
            raise _wrong("应为 IP 地址或网段，如 10.0.0.5,10.1.0.0/16（网段的主机位须为 0）") from None
    return value


def _witnesses(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        words = one.split()
        if len(words) != 2 or words[0].count("+") < 2 or urlsplit(words[1]).scheme not in ("http", "https"):
            raise _wrong("每个见证者应为“公钥 地址”，如 w.example+1a2b3c4d+BM…= https://w.example，用逗号分隔")
    return value


def _trace(value: str) -> str:
    if value and (not value.startswith(("https://", "http://")) or "{trace}" not in value):
        raise _wrong("须以 https:// 或 http:// 开头，并含有 {trace}")
    return value


def _shares(value: int) -> int:
    if value not in (1, 2, 4, 8, 16):
        raise _wrong("只能是 1、2、4、8、16")
    return value


class Settings(BaseSettings):
    """The settings. `unit` of each stands in its schema and is shown by `gongkai settings`."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", extra="ignore", frozen=True)

    data: Path = Field(default=Path("var"), description="数据目录：内置 PostgreSQL、NATS、主密钥都在其中", json_schema_extra=_unit("目录"))
    database_url: Annotated[SecretStr | None, AfterValidator(_postgres)] = Field(
        default=None, description="PostgreSQL 服务器；不填则使用内置的", json_schema_extra=_unit("地址")
    )
    nats_url: Annotated[SecretStr | None, AfterValidator(_nats)] = Field(
        default=None, description="NATS 服务器；不填则使用内置的", json_schema_extra=_unit("地址")
    )
    nats_ca: Path | None = Field(
        default=None,
        description="NATS 服务器证书的签发者（PEM），不在系统所信任之列时填写；地址用 tls:// 开头",
        json_schema_extra=_unit("文件"),
    )
    host: str = Field(default="127.0.0.1", description="网页监听地址", json_schema_extra=_unit("地址"))
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=8080, description="网页端口", json_schema_extra=_unit("端口"))
    public_url: Annotated[str, AfterValidator(_public)] = Field(
        default="",
        description="公众访问的地址，与监听地址不同时填写（如 TLS 在代理处终止）；为 https 时登录凭据只经 https 传送",
        json_schema_extra=_unit("地址"),
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_proxies)] = Field(
        default=(),
        description="前置代理的 IP 地址或网段，逗号分隔；只采信它们给出的来访地址和协议（X-Forwarded-For、X-Forwarded-Proto）",
        json_schema_extra=_unit("地址"),
    )
    master_key: Path | None = Field(
        default=None, description="主密钥文件；不填则为数据目录下的 master.key", json_schema_extra=_unit("文件")
    )
    ledger_name: str = Field(
        default="gongkai.local",
        pattern=r"^[a-z0-9][a-z0-9./-]*$",
        description="总账在平台以外的名称，各日志的检查点以它署名；一经签署不再更改",
        json_schema_extra=_unit("名称"),
    )
    ledger_key: Path | None = Field(
        default=None, description="总账签名密钥文件；不填则为数据目录下的 ledger.key", json_schema_extra=_unit("文件")
    )
    witnesses: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_witnesses)] = Field(
        default=(), description="见证者，逗号分隔，每个为“公钥 地址”（gongkai witness 启动时给出）", json_schema_extra=_unit("公钥和地址")
    )
    witness_quorum: int = Field(default=0, ge=0, le=32, description="检查点须有几个见证者作证才公布", json_schema_extra=_unit("个"))
    trace_url_template: Annotated[str, AfterValidator(_trace)] = Field(
        default="",
        description="查看一次处理的链路的地址，{trace} 处填链路编号（32 位十六进制），如 https://jaeger.example/trace/{trace}；不填则不显示",
        json_schema_extra=_unit("地址"),
    )
    default_agency: str = Field(default="", description="公众未指明机关时默认的机关代码", json_schema_extra=_unit("代码"))
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="日志级别", json_schema_extra=_unit("级别"))
    site_name: str = Field(default="公开平台", max_length=60, description="网站名称，写入页面的 SiteName", json_schema_extra=_unit("名称"))
    site_code: str = Field(
        default="", pattern=r"^\w{0,20}$", description="政府网站标识码，写入页面的 SiteIDCode 和页脚", json_schema_extra=_unit("编码")
    )
    site_filing: str = Field(default="", max_length=120, description="页脚的 ICP 备案号、公安备案号", json_schema_extra=_unit("文字"))
    pipeline_queue: int = Field(default=2000, ge=1, description="等待办理的命令上限，超过即答复 503", json_schema_extra=_unit("条"))
    pipeline_batch: int = Field(default=256, ge=1, le=2000, description="一个事务最多办理的命令", json_schema_extra=_unit("条"))
    body_limit_bytes: int = Field(default=1_048_576, ge=1024, description="提交内容的上限", json_schema_extra=_unit("字节"))
    view_wait_seconds: float = Field(default=2.0, ge=0, le=30, description="读取等待写入生效的上限", json_schema_extra=_unit("秒"))
    idempotency_days: int = Field(default=7, ge=1, description="重复提交编号的有效期", json_schema_extra=_unit("日"))
    public_requests_per_minute: int = Field(
        default=30, ge=1, description="每个地址未登录时每分钟可提交的次数", json_schema_extra=_unit("次")
    )
    sign_ins_per_minute: int = Field(default=20, ge=1, description="每个地址每分钟可尝试登录的次数", json_schema_extra=_unit("次"))
    keeper_seconds: float = Field(default=60.0, gt=0, description="检查到期事项的间隔", json_schema_extra=_unit("秒"))
    inbox_shares: Annotated[int, AfterValidator(_shares)] = Field(
        default=1, ge=1, le=16, description="16 条通道分给几个消费者（1、2、4、8、16）", json_schema_extra=_unit("个")
    )
    inbox_retry_seconds: Annotated[tuple[Annotated[float, Field(ge=0)], ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(0.2, 1.0, 5.0, 15.0), description="收件处理失败后再试的间隔，逗号分隔，用完即搁置", json_schema_extra=_unit("秒")
    )
    stream_replicas: int = Field(default=1, ge=1, le=5, description="每个流的副本数（生产环境 3）", json_schema_extra=_unit("份"))
    session_idle_minutes: int = Field(default=30, ge=5, le=60, description="登录后无操作即失效", json_schema_extra=_unit("分钟"))
    session_hours: int = Field(default=10, ge=1, le=12, description="登录最长有效", json_schema_extra=_unit("小时"))
    sessions_each: int = Field(default=3, ge=1, description="每人同时登录的上限", json_schema_extra=_unit("个"))
    password_max_days: int = Field(default=90, ge=1, description="口令更换期限", json_schema_extra=_unit("日"))
    lockout_failures: int = Field(default=5, ge=3, description="连续失败几次后锁定", json_schema_extra=_unit("次"))
    lockout_minutes: int = Field(default=15, ge=1, description="锁定多久", json_schema_extra=_unit("分钟"))
    file_store: str = Field(
        default="", description="附件存储：s3://桶/前缀（密钥和端点用 AWS_ 变量）；不填则存于数据目录", json_schema_extra=_unit("地址")
    )
    file_limit_bytes: int = Field(
        default=20_971_520, ge=65_536, le=268_435_456, description="每份附件的上限", json_schema_extra=_unit("字节")
    )
    files_received_each: int = Field(
        default=10, ge=0, le=100, description="申请人为一件申请可提交的附件上限", json_schema_extra=_unit("份")
    )
    files_given_each: int = Field(default=100, ge=1, le=200, description="一件申请拟提供的文件上限", json_schema_extra=_unit("份"))
    file_seconds: float = Field(default=120.0, gt=0, le=3600, description="上传、检查一份附件的时限", json_schema_extra=_unit("秒"))
    files_at_once: int = Field(default=4, ge=1, le=64, description="同时上传、检查的附件上限", json_schema_extra=_unit("份"))
    clamd: str = Field(
        default="", description="病毒扫描 clamd：tcp://主机:端口 或 unix:/路径；不填则不扫描", json_schema_extra=_unit("地址")
    )
    channels_private: bool = Field(
        default=False, description="对外通道可以指向内部网络的地址（回环、私有网段）", json_schema_extra=_unit("true 或 false")
    )
    channel_seconds: float = Field(default=10.0, gt=0, le=60, description="对外通道每次投递的时限", json_schema_extra=_unit("秒"))
    channel_retry_seconds: Annotated[tuple[Annotated[float, Field(ge=0)], ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(5.0, 60.0, 600.0, 3600.0, 14400.0),
        description="对外通道没有确认时再试的间隔，逗号分隔，用完即交由人员处理",
        json_schema_extra=_unit("秒"),
    )
    mail_server: Annotated[SecretStr | None, AfterValidator(_smtp)] = Field(
        default=None,
        description="邮件服务器：smtps://用户:口令@主机:465（TLS）、starttls://…:587（必须 STARTTLS）或 smtp://…:25（能 STARTTLS 则用）；不填则不发邮件",
        json_schema_extra=_unit("地址"),
    )
    mail_from: Annotated[str, AfterValidator(_mailbox)] = Field(
        default="", description="发件邮箱，设置邮件服务器时必填", json_schema_extra=_unit("邮箱")
    )
    mail_retry_seconds: Annotated[tuple[Annotated[float, Field(ge=0)], ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(60.0, 600.0, 3600.0, 14400.0),
        description="邮件没有发出时再试的间隔，逗号分隔，用完即交由人员处理",
        json_schema_extra=_unit("秒"),
    )
    postgres_port: int = Field(default=0, ge=0, le=65535, description="内置 PostgreSQL 的端口，0 为自动", json_schema_extra=_unit("端口"))
    nats_port: int = Field(default=0, ge=0, le=65535, description="内置 NATS 的端口，0 为自动", json_schema_extra=_unit("端口"))

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> "Settings":
        if self.mail_server is not None and not self.mail_from:
            raise _wrong("设置 GONGKAI_MAIL_SERVER 时，须同时设置 GONGKAI_MAIL_FROM（发件邮箱）")
        return self

    @property
    def base_url(self) -> str:
        """Where this machine reaches the pages."""
        return f"http://{self.host}:{self.port}"

    @property
    def public_https(self) -> bool:
        """Whether people come by https, also where it ends at a proxy."""
        return self.public_url.startswith("https:")

    @property
    def master_key_path(self) -> Path:
        """Where the master key of personal data is kept."""
        return self.master_key or self.data / "master.key"

    @property
    def ledger_key_path(self) -> Path:
        """Where the key that signs the heads of the logs is kept."""
        return self.ledger_key or self.data / "ledger.key"

    def dsn(self, database: str, *, role: str | None = None) -> str:
        """The connection string of `gongkai_<database>`; `role` is taken on by the session, so that it has no more rights than its service."""
        if self.database_url is None:
            raise SettingsError("没有数据库地址：请设置 GONGKAI_DATABASE_URL，或让平台启动内置的 PostgreSQL。")
        parts = conninfo_to_dict(self.database_url.get_secret_value())
        name = database if database == "postgres" else f"gongkai_{database}"
        options = {"options": f"-c role={role}"} if role else {}
        return make_conninfo(**{key: str(value) for key, value in parts.items()} | {"dbname": name} | options)

    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to work on the same platform."""
        return {
            "GONGKAI_DATABASE_URL": self.database_url.get_secret_value() if self.database_url else "",
            "GONGKAI_NATS_URL": self.nats_address,
            **({"GONGKAI_NATS_CA": str(self.nats_ca)} if self.nats_ca else {}),
            "GONGKAI_MASTER_KEY": str(self.master_key_path),
            "GONGKAI_LEDGER_KEY": str(self.ledger_key_path),
            "GONGKAI_DATA": str(self.data),
        }

    @property
    def nats_address(self) -> str:
        """The address of NATS; raises `SettingsError` where there is none."""
        if self.nats_url is None:
            raise SettingsError("没有 NATS 地址：请设置 GONGKAI_NATS_URL，或让平台启动内置的 NATS。")
        return self.nats_url.get_secret_value()


REASONS = {
    "int_parsing": "应为整数",
    "float_parsing": "应为数字",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "greater_than": "应大于 {gt}",
    "string_pattern_mismatch": "不在可选范围内（{pattern}）",
}


def load_settings(*, data: Path | None = None, **values: Any) -> Settings:
    """The settings as the environment and the data directory's `gongkai.env` give them; raises `SettingsError` that names each wrong one."""
    chosen: dict[str, Any] = {"data": data} if data is not None else {}
    directory = data or Path(os.environ.get("GONGKAI_DATA", "var"))
    try:
        return Settings(_env_file=directory / "gongkai.env", **chosen, **values)
    except ValidationError as error:
        faults = []
        for item in error.errors(include_url=False, include_input=False):
            if not item["loc"]:
                faults.append(item["msg"])
                continue
            name = str(item["loc"][0])
            field = Settings.model_fields.get(name)
            unit = (
                (field.json_schema_extra or {}).get("unit", "") if field is not None and isinstance(field.json_schema_extra, dict) else ""
            )
            reason = item["msg"] if item["type"] == OWN else REASONS.get(item["type"], "格式有误").format(**item.get("ctx", {}))
            faults.append(f"GONGKAI_{name.upper()}：{reason}（{field.description if field else ''}，单位：{unit}）")
        raise SettingsError("设置有误：\n" + "\n".join(faults)) from None


def address_without_secret(url: str) -> str:
    """An address as it may be printed: without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}" if parts.hostname else "（套接字）"
