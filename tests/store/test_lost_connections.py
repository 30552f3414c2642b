"""A database that drops its connections: callers are answered rightly or told to come back, and nothing is lost."""

import asyncio
from collections import Counter

import httpx
import pytest
from sqlalchemy import text

from agegate.store.line import StoreUnavailable
from agegate.store.transaction import Transaction
from tests import postgres
from tests.houses import ISSUER, Home

END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
ROUNDS, CLIENTS, ENOUGH = 15, 6, 50


async def under_load(home: Home, key: str) -> tuple[dict[str, int], Counter[int], list[str]]:
    """Signs minors up while every connection is ended again and again; what each subject was told."""
    told: dict[str, int] = {}
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    over = asyncio.Event()

    async def sign_up(http: httpx.AsyncClient, number: int) -> None:
        count = 0
        while not over.is_set():
            count += 1
            subject = f"minor-{number}-{count}"
            reply = await http.put(f"/v1/subjects/{subject}", json={"date_of_birth": "2010-05-04", "country": "US"})
            seen[reply.status_code] += 1
            if reply.status_code == 503 and "retry-after" in reply.headers:
                continue
            if reply.status_code != 201 or reply.json()["decision"] != "consent_required":
                wrong.append(f"{reply.status_code} {reply.text}")
            told[subject] = reply.status_code

    transport = httpx.ASGITransport(app=home.app)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=transport, base_url=ISSUER, headers=headers) as http:
        clients = [asyncio.create_task(sign_up(http, number)) for number in range(CLIENTS)]
        rounds = 0
        while rounds < ROUNDS or (len(told) <= ENOUGH and rounds < 20 * ROUNDS):
            rounds += 1
            await asyncio.sleep(0.08)
            await asyncio.to_thread(postgres.execute, home.house.settings.database, END_ALL)
        await asyncio.sleep(0.3)
        over.set()
        await asyncio.gather(*clients)
    return told, seen, wrong


def test_connections_that_are_ended_under_load_cost_no_wrong_answer_and_no_subject(postgres_home: Home) -> None:
    told, seen, wrong = asyncio.run(under_load(postgres_home, postgres_home.keys["game"]))
    assert (wrong, set(seen) - {201, 503}) == ([], set())
    assert len(told) > ENOUGH
    with postgres_home.house.store.engine.connect() as connection:
        kept = set(connection.execute(text("SELECT subject FROM subjects")).scalars())
    assert set(told) - kept == set()


def test_reader_and_writer_come_back_after_an_end(postgres_home: Home) -> None:
    def one(tx: Transaction) -> int:
        return int(tx.connection.execute(text("SELECT 1")).scalar_one())

    store = postgres_home.house.store
    for _ in range(3):
        postgres.execute(postgres_home.house.settings.database, END_ALL)
        assert (store.read_now(one), store.write_now(one)) == (1, 1)


def test_a_server_that_became_read_only_is_told_as_unavailable(postgres_home: Home) -> None:
    def write(tx: Transaction) -> None:
        tx.connection.execute(text("SET TRANSACTION READ ONLY"))
        tx.connection.execute(text("DELETE FROM sticky_answers"))

    with pytest.raises(StoreUnavailable):
        postgres_home.house.store.write_now(write)
