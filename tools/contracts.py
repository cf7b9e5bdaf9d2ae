"""The contracts: a JSON Schema of every event, AsyncAPI of what travels over NATS, OpenAPI of every service, the
permission table of every rulebook, and the titles that audit shows.

python -m tools.contracts            writes docs/contracts and services/audit/event_titles.json
python -m tools.contracts --check    tells what differs, and ends with 1
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
from faststream import AckPolicy
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI

from services.review.agencies import KINDS, VERBS
from shared.access import service as _access  # noqa: F401
from shared.access.permissions import permissions
from shared.kernel.events import registry
from shared.kernel.program import LOGS, SERVICES, load_service
from shared.law.rulebook import rulebooks
from shared.messaging.agencies.accounts import STREAM
from shared.messaging.catchup import answer_on
from shared.trust.personal import Personal

ROOT = Path(__file__).parent.parent


def schema(cls: Any) -> dict[str, Any]:
    """The JSON Schema of an event's `data`; personal fields are sealed tokens."""

    def hook(kind: type) -> dict[str, Any]:
        if kind is Personal:
            return {"type": "string", "pattern": "^gk1:", "description": "个人信息，已加密"}
        raise NotImplementedError(kind.__name__)

    return msgspec.json.schema(cls, schema_hook=hook)


def asyncapi() -> dict[str, Any]:
    """What this platform answers over NATS, and the events that it sends."""
    broker = NatsBroker("nats://localhost:4222", ack_policy=AckPolicy.NACK_ON_ERROR, logger=None)
    for name in LOGS:
        answer_on(broker, name, "")
    made: dict[str, Any] = json.loads(AsyncAPI(broker, title="Gongkai", version="1", schema_version="3.0.0").to_specification().to_json())
    for spec in registry.values():
        service = spec.type.partition(".")[0]
        name = spec.type.partition(".")[2]
        made["channels"][spec.topic.replace(":", ".")] = {
            "address": f"gk.{service}.{{lane}}.{{agency}}.{name}",
            "description": spec.title,
            "parameters": {"lane": {"description": "0–15"}, "agency": {"description": "机关代码"}},
            "messages": {name: {"$ref": f"events/{spec.type}.{spec.version}.json", "contentType": "application/json"}},
        }
    return made


def agencies() -> dict[str, Any]:
    """What an outside agency hears and can ask over NATS, with an account of its own (docs/agencies.md)."""
    told = {"id": {"type": "string", "description": "再次收到同一 id 即同一消息"}, "kind": {"type": "string"}}
    channels: dict[str, Any] = {}
    for kind, content in KINDS.items():
        fields = msgspec.json.schema(content)["$defs"][content.__name__]
        payload = {**fields, "properties": {**told, **fields["properties"]}, "required": ["id", "kind", *fields["required"]]}
        channels[f"feed.{kind}"] = {
            "address": f"feed.{kind}",
            "description": f"{content.__doc__} Durable: pull from the consumer named after the agency's code, stream {STREAM}.",
            "messages": {kind: {"contentType": "application/json", "payload": payload}},
        }
    for verb, model in VERBS.items():
        channels[f"submit.{verb}"] = {
            "address": f"submit.{verb}",
            "description": f"{model.__doc__} Request-reply.",
            "messages": {
                "request": {"contentType": "application/json", "payload": model.model_json_schema()},
                "reply": {"contentType": "application/json", "payload": ANSWER},
            },
        }
    info = {"title": "Gongkai: outside agencies", "version": "1", "description": "See docs/agencies.md."}
    return {"asyncapi": "3.0.0", "info": info, "defaultContentType": "application/json", "channels": channels}


ANSWER = {
    "type": "object",
    "required": ["ok"],
    "properties": {
        "ok": {"type": "boolean", "description": "true：已办理；false：没有保存任何内容，见 code 和 sentence"},
        "code": {"type": "string"},
        "sentence": {"type": "string"},
        "fields": {"type": "array", "items": {"type": "object"}},
        "position": {"type": "string"},
        "repeated": {"type": "boolean", "description": "同一 id 的答复此前已经收到"},
    },
}
"""What every question of an agency is answered by."""


def contracts() -> dict[Path, str]:
    """Every contract by its file."""
    for service in SERVICES:
        load_service(service)
    folder = ROOT / "docs" / "contracts"
    made: dict[Path, Any] = {folder / "asyncapi.json": asyncapi(), folder / "agencies.json": agencies()}
    for spec in registry.values():
        made[folder / "events" / f"{spec.type}.{spec.version}.json"] = {
            "title": spec.title,
            "x-rules": list(spec.rules),
            **schema(spec.cls),
        }
    made[folder / "permissions.json"] = {book.id: msgspec.to_builtins(permissions(book)) for book in rulebooks()}
    made[ROOT / "services" / "audit" / "event_titles.json"] = {name: registry[name].title for name in sorted(registry)}
    return {path: json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n" for path, content in made.items()}


def differing() -> list[Path]:
    """The contracts that are not as the code has them."""
    return [path for path, content in contracts().items() if not path.exists() or path.read_text(encoding="utf-8") != content]


def main() -> None:
    """Writes or checks them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        found = differing()
        for path in found:
            sys.stderr.write(f"{path.relative_to(ROOT)} differs: run python -m tools.contracts, and look at what changed\n")
        sys.exit(1 if found else 0)
    for path, content in contracts().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
