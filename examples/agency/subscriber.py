"""Shows what the platform tells this agency: letters as they come, and those that came while nobody listened.

pip install nats-py[nkeys]
python subscriber.py CODE KEYFILE --server tls://127.0.0.1:4222 --ca nats-ca.pem
"""

import argparse
import asyncio
import json
import ssl

import nats

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("code", help="机关代码")
parser.add_argument("key", help="密钥文件（gongkai agency add 写出的）")
parser.add_argument("--server", required=True, help="NATS 地址")
parser.add_argument("--ca", required=True, help="服务器证书的签发者")
parser.add_argument("--count", type=int, default=0, help="收到几条后结束，0 为一直等待")
chosen = parser.parse_args()


async def main() -> None:
    """Connects, and does it."""
    client = await nats.connect(
        chosen.server, nkeys_seed=chosen.key, tls=ssl.create_default_context(cafile=chosen.ca), tls_hostname="localhost"
    )
    letters = await client.jetstream().pull_subscribe_bind(chosen.code, stream="AGENCIES")
    received = 0
    while not chosen.count or received < chosen.count:
        try:
            (message,) = await letters.fetch(1, timeout=30)
        except nats.errors.TimeoutError:
            continue
        print(json.dumps(json.loads(message.data), ensure_ascii=False), flush=True)
        await message.ack()  # Only what is acknowledged is not sent again; a repeated `id` is the same message.
        received += 1
    await client.close()


asyncio.run(main())
