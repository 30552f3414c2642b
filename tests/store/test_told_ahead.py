"""Whoever has something to do while a result is made durable is told of it before the commit, and of each run."""

import asyncio
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from agegate.store.store import Store
from agegate.store.token_tables import StatusEntryRow
from agegate.store.transaction import Transaction

ADD = text("INSERT INTO services (name, profile, created_at) VALUES ('one', 'p', '2026-11-22 09:00:00')")
COUNT = text("SELECT count(*) FROM services")


def add(tx: Transaction) -> str:
    """A unit that writes a row."""
    tx.connection.execute(ADD)
    return "one"


def test_the_loop_is_told_what_the_unit_returned(store: Store) -> None:
    told: list[str] = []
    assert asyncio.run(store.write(add, meanwhile=told.append)) == "one"
    assert told == ["one"]


def test_it_is_told_in_the_thread_of_the_loop(store: Store) -> None:
    threads: list[int] = []
    asyncio.run(store.write(add, meanwhile=lambda _: threads.append(threading.get_ident())))
    assert threads == [threading.get_ident()]


def refused(tx: Transaction) -> str:
    """A unit whose rows the database refuses at the end."""
    for _ in range(2):
        tx.append(StatusEntryRow, {"seq": 1, "subject_id": None, "audience": None, "status": 0})
    return add(tx)


def test_it_is_told_of_what_comes_to_nothing(store: Store) -> None:
    told: list[str] = []
    with pytest.raises(IntegrityError):
        asyncio.run(store.write(refused, meanwhile=told.append))
    assert set(told) == {"one"}
    with store.engine.connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 0


def test_whoever_gave_up_is_told_nothing(store: Store) -> None:
    told: list[str] = []

    async def scene() -> None:
        gate = threading.Event()
        busy = asyncio.create_task(store.write(lambda _: gate.wait(10)))
        given_up = asyncio.create_task(store.write(add, meanwhile=told.append))
        await asyncio.sleep(0.05)
        given_up.cancel()
        await asyncio.sleep(0)
        gate.set()
        await busy

    asyncio.run(scene())
    assert told == []
