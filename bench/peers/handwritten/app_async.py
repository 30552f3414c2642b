"""Peer (c), asynchronous variant for PostgreSQL: the same with asyncpg and an AsyncSession per request."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlmodel import SQLModel, select

from bench.peers.handwritten.model import Signup, Subject, Token, beside, decide, keys, subject_row

app = FastAPI()
KEY = ec.generate_private_key(ec.SECP256R1())
API_KEY = os.environ["BENCH_KEY"]
ADDRESS = os.environ["BENCH_DATABASE"].replace("postgresql+psycopg://", "postgresql+asyncpg://")
ENGINE = create_async_engine(ADDRESS, pool_size=16)


async def session() -> AsyncIterator[AsyncSession]:
    """A session per request."""
    async with AsyncSession(ENGINE) as opened:
        yield opened


async def caller(authorization: str = Header()) -> None:
    """One API key."""
    if not secrets.compare_digest(authorization, f"Bearer {API_KEY}"):
        raise HTTPException(401)


async def find(db: AsyncSession, subject: str) -> Subject | None:
    """The subject, or None."""
    wanted = select(Subject).where(Subject.service == "bench", Subject.subject == subject)
    return (await db.execute(wanted)).scalars().first()


@app.put("/v1/subjects/{subject}", status_code=201, dependencies=[Depends(caller)])
async def sign_up(subject: str, form: Signup, db: AsyncSession = Depends(session)) -> JSONResponse:  # noqa: B008 - FastAPI's form
    """Signs somebody up; a repeat gets the first answer."""
    now = datetime.now(UTC)
    known = await find(db, subject)
    if known is not None:
        return JSONResponse({"subject": subject, "decision": known.decision})
    decision = decide(form, now)
    row = subject_row(subject, form, decision, now)
    db.add_all([row, *beside(row, form.audience)])
    try:
        await db.commit()
    except IntegrityError:
        await db.rollback()
        return JSONResponse({"subject": subject, "decision": decision})
    token = jwt.encode(keys(subject, form.audience, decision, now), KEY, algorithm="ES256")
    return JSONResponse({"subject": subject, "decision": decision, "token": token}, 201)


@app.post("/v1/tokens", status_code=201, dependencies=[Depends(caller)])
async def token(form: Token, db: AsyncSession = Depends(session)) -> JSONResponse:  # noqa: B008 - FastAPI's form
    """A token for a subject that is known."""
    known = await find(db, form.subject)
    if known is None or known.decision != "allowed":
        raise HTTPException(403)
    claims = keys(form.subject, form.audience, known.decision, datetime.now(UTC))
    return JSONResponse({"token": jwt.encode(claims, KEY, algorithm="ES256")}, 201)


async def prepare() -> None:
    """Makes the tables."""
    async with ENGINE.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await ENGINE.dispose()


if __name__ == "__main__":
    asyncio.run(prepare())
    uvicorn.run(app, port=int(sys.argv[1]), http="httptools", access_log=False, log_level="warning")
