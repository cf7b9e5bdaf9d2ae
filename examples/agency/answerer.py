"""Reads a letter to this agency, and answers it.

pip install nats-py[nkeys]
python answerer.py KEYFILE LETTER --server tls://127.0.0.1:4222 --ca nats-ca.pem [--object 意见 --basis 依据]
"""

import argparse
import asyncio
import json
import ssl
import uuid

import nats

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("key", help="密钥文件（gongkai agency add 写出的）")
parser.add_argument("letter", help="函的编号（subscriber.py 显示的 letter）")
parser.add_argument("--server", required=True, help="NATS 地址")
parser.add_argument("--ca", required=True, help="服务器证书的签发者")
parser.add_argument("--object", help="提出异议：意见；不填则确认")
parser.add_argument("--basis", default="", help="异议的依据")
chosen = parser.parse_args()


async def main() -> None:
    """Connects, and does it."""
    client = await nats.connect(
        chosen.server, nkeys_seed=chosen.key, tls=ssl.create_default_context(cafile=chosen.ca), tls_hostname="localhost"
    )

    async def ask(what: str, content: dict[str, str]) -> dict:
        answer = await client.request(f"submit.letters.{what}", json.dumps(content).encode(), timeout=10)
        return json.loads(answer.data)

    letter = await ask("get", {"letter": chosen.letter})
    print(json.dumps(letter, ensure_ascii=False), flush=True)
    if letter["ok"]:
        said = {"opinion": chosen.object, "basis": chosen.basis} if chosen.object else {}
        # The same id again is the same answer: after a time-out, repeat it.
        answer = {"id": str(uuid.uuid4()), "letter": chosen.letter, "hash": letter["letters"][0]["hash"], **said}
        print(json.dumps(await ask("object" if chosen.object else "confirm", answer), ensure_ascii=False), flush=True)
    await client.close()


asyncio.run(main())
