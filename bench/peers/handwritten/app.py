"""Peer (c): the same signup as a careful team writes it today: FastAPI, an SQLModel session per request, PyJWT.

Parses strictly, decides by a table, seals the date of birth, writes the same rows in one transaction, signs one ES256
token. SQLite with the same durability; on PostgreSQL see `app_async.py`.
"""

import os
import secrets
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, create_engine, select

from bench.peers.handwritten.model import Signup, Subject, Token, beside, decide, keys, subject_row

app = FastAPI()
KEY = ec.generate_private_key(ec.SECP256R1())
API_KEY = os.environ["BENCH_KEY"]
ENGINE: Engine = create_engine(os.environ["BENCH_DATABASE"])
WRITING = threading.Lock()


@event.listens_for(ENGINE, "connect")
def durable(connection: object, record: object) -> None:
    """The same durability as ours; PostgreSQL has it by default."""
    del record
    if ENGINE.dialect.name == "sqlite":
        for pragma in ("journal_mode=wal", "synchronous=FULL", "foreign_keys=1", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # a sqlite3 connection


def session() -> Iterator[Session]:
    """A session per request, as the framework's documentation shows."""
    with Session(ENGINE) as opened:
        yield opened


def caller(authorization: str = Header()) -> None:
    """One API key."""
    if not secrets.compare_digest(authorization, f"Bearer {API_KEY}"):
        raise HTTPException(401)


@app.put("/v1/subjects/{subject}", status_code=201, dependencies=[Depends(caller)])
def sign_up(subject: str, form: Signup, db: Session = Depends(session)) -> JSONResponse:  # noqa: B008 - FastAPI's form
    """Signs somebody up; a repeat gets the first answer."""
    now = datetime.now(UTC)
    known = db.exec(select(Subject).where(Subject.service == "bench", Subject.subject == subject)).first()
    if known is not None:
        return JSONResponse({"subject": subject, "decision": known.decision})
    decision = decide(form, now)
    row = subject_row(subject, form, decision, now)
    db.add_all([row, *beside(row, form.audience)])
    try:
        # Without this lock SQLite's busy handler starves writers; with it the commits queue up.
        with WRITING:
            db.commit()
    except IntegrityError:
        db.rollback()
        return JSONResponse({"subject": subject, "decision": decision})
    claims = keys(subject, form.audience, decision, now)
    token = jwt.encode(claims, KEY, algorithm="ES256", headers={"typ": "agestatus+jwt"})
    return JSONResponse({"subject": subject, "decision": decision, "token": token}, 201)


@app.post("/v1/tokens", status_code=201, dependencies=[Depends(caller)])
def token(form: Token, db: Session = Depends(session)) -> JSONResponse:  # noqa: B008 - FastAPI's form
    """A token for a subject that is known."""
    known = db.exec(select(Subject).where(Subject.service == "bench", Subject.subject == form.subject)).first()
    if known is None or known.decision != "allowed":
        raise HTTPException(403)
    claims = keys(form.subject, form.audience, known.decision, datetime.now(UTC))
    return JSONResponse({"token": jwt.encode(claims, KEY, algorithm="ES256")}, 201)


if __name__ == "__main__":
    SQLModel.metadata.create_all(ENGINE)
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", access_log=False, log_level="warning")
