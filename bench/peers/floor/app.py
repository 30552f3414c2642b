"""Peer (b), the floor: raw ASGI, the driver's own statements, group commit, one bare ES256 signature, the same rows.

No framework, no checks beyond reading the body: what the database and the signature cost, and nothing else. How a
batch is written is `plain.py` and `in_one.py`; the rows and their tables are ours, column by column: `rows.py`.
"""

import asyncio
import base64
import os
import queue
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import orjson
import uvicorn
import uvloop
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.peers.floor.rows import Signup, make_tables

Message = dict[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Write = Callable[[list[Signup]], None]
Open = Callable[[str], Write]

KEY = ec.generate_private_key(ec.SECP256R1())
ES256 = ec.ECDSA(hashes.SHA256())
KEK = AESGCM(os.urandom(32))
HEAD = base64.urlsafe_b64encode(b'{"alg":"ES256","typ":"agestatus+jwt","kid":"bench"}').rstrip(b"=")
WAITING: "queue.SimpleQueue[tuple[Signup, asyncio.Future[bool]]]" = queue.SimpleQueue()
MOST = 64


def serve_writer(loop: asyncio.AbstractEventLoop, write: Write) -> None:
    """The writer thread: everything that waits goes into one commit."""
    while True:
        batch = [WAITING.get()]
        while len(batch) < MOST:
            try:
                batch.append(WAITING.get_nowait())
            except queue.Empty:
                break
        write([signup for signup, _ in batch])
        loop.call_soon_threadsafe(_tell, [future for _, future in batch])


def _tell(futures: "list[asyncio.Future[bool]]") -> None:
    for future in futures:
        if not future.done():
            future.set_result(True)


def token(subject: str, audience: str, now: int) -> bytes:
    """A signed token on the bare primitive."""
    claims = {
        "iss": "b",
        "aud": audience,
        "sub": subject,
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "jti": os.urandom(16).hex(),
    }
    signed = HEAD + b"." + base64.urlsafe_b64encode(orjson.dumps(claims | {"age_decision": "allowed"})).rstrip(b"=")
    r, s = decode_dss_signature(KEY.sign(signed, ES256))
    return signed + b"." + base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=")


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """PUT /v1/subjects/{subject} and POST /v1/tokens."""
    body = orjson.loads((await receive())["body"])  # type: ignore[arg-type]  # one chunk, as the load sends it
    now = time.time()
    if scope["method"] == "PUT":
        subject = str(scope["path"]).rpartition("/")[2]
        row, key, nonce = os.urandom(13).hex(), os.urandom(32), os.urandom(12)
        sealed = base64.b64encode(
            nonce + AESGCM(key).encrypt(nonce, body["date_of_birth"].encode(), row.encode())
        ).decode()
        wrapped = base64.b64encode(nonce + KEK.encrypt(nonce, key, row.encode())).decode()
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        WAITING.put((Signup(row, subject, body["country"], sealed, wrapped, body["audience"]), future))
        signed = token(subject, body["audience"], int(now))
        await future
    else:
        signed = token(body["subject"], body["audience"], int(now))
    answer = orjson.dumps({"decision": "allowed", "token": signed.decode()})
    length = (b"content-length", str(len(answer)).encode())
    await send(
        {"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json"), length]}
    )
    await send({"type": "http.response.body", "body": answer})


async def _serve(address: str, open_database: Open) -> None:
    loop = asyncio.get_running_loop()
    threading.Thread(target=serve_writer, args=(loop, open_database(address)), daemon=True).start()
    port = int(sys.argv[1])
    settings = uvicorn.Config(app, port=port, http="httptools", lifespan="off", access_log=False, log_level="warning")
    await uvicorn.Server(settings).serve()


def main(open_database: Open) -> None:
    """Makes the tables, then serves on the port that was asked for."""
    address = os.environ["BENCH_DATABASE"].replace("postgresql+psycopg", "postgresql")
    make_tables(address)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(address, open_database))
