"""Peer (b), the floor: raw ASGI, the driver's own statements, group commit, one bare ES256 signature, the same rows.

No framework, no checks beyond reading the body: what the database and the signature cost, and nothing else. The rows
and their tables are ours, column by column and index by index: `rows.py`.
"""

import asyncio
import base64
import os
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from itertools import count

import orjson
import psycopg
import uvicorn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.peers.floor.rows import Signup, in_one_statement, make_tables, rows_of

Message = dict[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ADDRESS = os.environ["BENCH_DATABASE"]
KEY = ec.generate_private_key(ec.SECP256R1())
ES256 = ec.ECDSA(hashes.SHA256())
KEK = AESGCM(os.urandom(32))
HEAD = base64.urlsafe_b64encode(b'{"alg":"ES256","typ":"agestatus+jwt","kid":"bench"}').rstrip(b"=")
WAITING: "queue.SimpleQueue[tuple[Signup, asyncio.Future[bool]]]" = queue.SimpleQueue()
MOST = 64


def open_sqlite() -> Callable[[list[Signup]], None]:
    """A connection, and the statements it runs."""
    db = sqlite3.connect(ADDRESS.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=wal", "synchronous=FULL", "foreign_keys=1", "secure_delete=1"):
        db.execute(f"PRAGMA {pragma}")
    entry = count(1)

    def write(signups: list[Signup]) -> None:
        db.execute("BEGIN IMMEDIATE")
        for table, rows in rows_of(signups, entry).items():
            columns = list(rows[0])
            listed, marks = ", ".join(columns), ", ".join("?" * len(columns))
            db.executemany(
                f"INSERT INTO {table} ({listed}) VALUES ({marks}) ON CONFLICT DO NOTHING",
                [[*row.values()] for row in rows],
            )
        db.execute("COMMIT")

    return write


def open_postgres() -> Callable[[list[Signup]], None]:
    """The same on PostgreSQL: one statement for all rows of all tables."""
    db = psycopg.connect(ADDRESS.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    entry = count(1)
    sql = in_one_statement().encode()

    def write(signups: list[Signup]) -> None:
        rows = rows_of(signups, entry)
        db.execute(sql, [orjson.dumps(rows[table]).decode() for table in rows], prepare=True)

    return write


def serve_writer(loop: asyncio.AbstractEventLoop) -> None:
    """The writer thread: everything that waits goes into one commit."""
    write = open_sqlite() if ADDRESS.startswith("sqlite") else open_postgres()
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
    if scope["type"] == "lifespan":
        await receive()
        threading.Thread(target=serve_writer, args=(asyncio.get_running_loop(),), daemon=True).start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
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


if __name__ == "__main__":
    make_tables(ADDRESS)
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", access_log=False, log_level="warning")
