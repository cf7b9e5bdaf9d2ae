"""The server's configuration of the outside agencies' accounts, made from the keys that access has recorded (design: trust.md, C4).

An agency's account has no JetStream. It imports, by name, its own consumer's next message and acknowledgement, the live copy of its own subjects, and
one service whose second token the server itself fills with the account: so the subject proves the sender. Nothing else exists in its subject space.
"""

from collections.abc import Mapping, Sequence

STREAM = "AGENCIES"
"""The stream of what is told to agencies: `agency.<code>.<kind>`."""

INTAKE = "intake"
"""Where their questions and answers arrive: `intake.<code>.<what>`."""

SERVER = """# 另设的 NATS 服务器。环境变量：NATS_CERTIFICATE、NATS_KEY（证书和私钥文件）、NATS_STORE（数据目录）、GONGKAI_NATS_PASSWORD（平台的口令）。
# 只准 TLS 连接；其他机关以各自的密钥（nkey）连接，只能到达自己的账号。
listen: "0.0.0.0:4222"
server_name: gongkai
max_payload: 1MB
tls { cert_file: $NATS_CERTIFICATE, key_file: $NATS_KEY, timeout: 5 }
accounts {
  PLATFORM {
    jetstream: enabled
    users: [ { user: gongkai, password: $GONGKAI_NATS_PASSWORD } ]
    include ./nats-exports.conf
  }
  include ./nats-agencies.conf
}
jetstream { store_dir: $NATS_STORE, sync_interval: always }
"""
"""The configuration of a server that others run, with which agencies connect by TLS alone."""

Keys = Mapping[str, Sequence[str]]
"""The public keys of each agency, by its code."""


def next_subject(code: str) -> str:
    """Where an agency asks for the next message of its own consumer."""
    return f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{code}"


def exports(keys: Keys) -> str:
    """What the platform's account offers; stands inside its block."""
    lines = [
        '{ stream: "agency.*.>", account_token_position: 2 }',
        f'{{ service: "{INTAKE}.*.>", account_token_position: 2, response_type: singleton }}',
    ]
    for code in sorted(keys):
        lines += [
            f'{{ service: "{next_subject(code)}", response_type: stream, accounts: ["{code}"] }}',
            f'{{ service: "$JS.ACK.{STREAM}.{code}.>", response_type: singleton, accounts: ["{code}"] }}',
        ]
    return "exports: [\n" + "".join(f"  {line}\n" for line in lines) + "]\n"


def accounts(keys: Keys) -> str:
    """The agencies' own accounts; stands inside `accounts`."""
    return "".join(_account(code, keys[code]) for code in sorted(keys))


def _account(code: str, public: Sequence[str]) -> str:
    may = f'publish: {{ allow: ["{next_subject(code)}", "$JS.ACK.{STREAM}.{code}.>", "submit.>"] }}, subscribe: {{ allow: ["_INBOX.>", "feed.>"] }}'
    users = "".join(f"    {{ nkey: {key}, permissions: {{ {may} }} }}\n" for key in public)
    return f"""\"{code}\": {{
  users: [
{users}  ]
  limits: {{ max_connections: 8, max_subscriptions: 64, max_payload: 64KB }}
  imports: [
    {{ stream: {{ account: PLATFORM, subject: "agency.{code}.>" }}, to: "feed.>" }}
    {{ service: {{ account: PLATFORM, subject: "{next_subject(code)}" }} }}
    {{ service: {{ account: PLATFORM, subject: "$JS.ACK.{STREAM}.{code}.>" }} }}
    {{ service: {{ account: PLATFORM, subject: "{INTAKE}.{code}.>" }}, to: "submit.>" }}
  ]
}}
"""
