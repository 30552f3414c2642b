"""Periodic work: of all workers one takes each turn, and where it died over it another takes the same turn."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from agegate.house import open_house
from agegate.store.transaction import Transaction
from agegate.store.turns import TURNS, take_turn, turns_due
from agegate.worker.loop import Worker
from tests.houses import Home

EVERY = timedelta(minutes=1)


def take(home: Home, by: str) -> bool:
    return home.house.store.write_now(lambda tx: take_turn(tx, "tidy", EVERY, home.clock(), by))


def test_a_turn_is_taken_once_in_its_period(home: Home) -> None:
    seen = []
    for seconds in (0, 0, 59, 1, 0):
        home.clock.move(seconds=seconds)
        seen.append(take(home, "a"))
    assert seen == [True, False, False, True, False]


def test_whoever_died_over_a_turn_did_not_take_it(home: Home) -> None:
    def die(tx: Transaction) -> None:
        assert take_turn(tx, "tidy", EVERY, home.clock(), "a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        home.house.store.write_now(die)
    assert take(home, "b")


def test_a_look_tells_which_turns_are_due(home: Home) -> None:
    take(home, "a")
    look = [home.house.store.read_now(lambda tx: turns_due(tx, {"tidy", "new"}, home.clock()))]
    home.clock.move(seconds=60)
    look.append(home.house.store.read_now(lambda tx: turns_due(tx, {"tidy", "new"}, home.clock())))
    assert look == [{"new"}, {"new", "tidy"}]


def test_of_four_workers_one_does_each_periods_work(postgres_home: Home) -> None:
    done: list[datetime] = []

    def chore(tx: Transaction, *, now: datetime) -> None:
        del tx
        done.append(now)

    houses = [open_house(postgres_home.house.settings, postgres_home.clock) for _ in range(4)]

    async def scene() -> None:
        stop = asyncio.Event()
        workers = [Worker(each.store, postgres_home.clock, {}, chores=[chore]) for each in houses]
        running = [asyncio.create_task(each.run(stop)) for each in workers]
        for period in range(1, 6):
            await enough(lambda period=period: len(done) >= period)
            await asyncio.sleep(0.4)  # time in which a second one could do it again
            postgres_home.clock.move(seconds=60)
        stop.set()
        await asyncio.gather(*running)

    asyncio.run(scene())
    for each in houses:
        each.close()
    assert len(set(done)) == len(done) >= 5


async def enough(fact: object) -> None:
    assert callable(fact)
    for _ in range(200):
        if fact():
            return
        await asyncio.sleep(0.02)


def test_a_chore_that_breaks_stops_no_other(home: Home) -> None:
    done: list[datetime] = []

    def broken(tx: Transaction, *, now: datetime) -> None:
        del tx, now
        raise ZeroDivisionError

    def sound(tx: Transaction, *, now: datetime) -> None:
        del tx
        done.append(now)

    async def scene() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(Worker(home.house.store, home.clock, {}, chores=[broken, sound]).run(stop))
        await enough(lambda: done)
        stop.set()
        await running

    asyncio.run(scene())
    assert done == [home.clock()]
    assert home.house.store.tally.snapshot()["acts", "broken", "failed"] == 1


@pytest.fixture
def workers(postgres_home: Home) -> Iterator[dict[int, "subprocess.Popen[bytes]"]]:
    """Four real workers on one database, by their process number."""
    begun = [begin(postgres_home.house.settings.data, postgres_home.house.settings.database) for _ in range(4)]
    yield {each.pid: each for each in begun}
    for each in begun:
        each.kill()
        each.wait()


def begin(data: Path, database: str, **more: str) -> "subprocess.Popen[bytes]":
    settings = os.environ | {"AGEGATE_DATA": str(data), "AGEGATE_DATABASE_URL": database} | more
    return subprocess.Popen([sys.executable, "-m", "agegate", "worker"], env=settings, stderr=subprocess.DEVNULL)


def taker(home: Home, after: int | None, seconds: float = 30) -> int:
    """Who took the turn, once somebody else than `after` did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with home.house.store.engine.connect() as connection:
            found = connection.execute(select(TURNS.c.taken_by).where(TURNS.c.name == "forget_sticky")).scalar()
        by = int(str(found).rpartition(":")[2]) if found else None
        if by not in {None, after}:
            assert by is not None
            return by
        time.sleep(0.1)
    raise AssertionError("nobody took the turn")


def test_when_who_took_the_turns_is_killed_another_takes_the_next(
    postgres_home: Home, workers: dict[int, "subprocess.Popen[bytes]"]
) -> None:
    first = taker(postgres_home, None)
    os.kill(first, signal.SIGKILL)
    with psycopg.connect(postgres_home.house.settings.database) as connection:
        connection.execute("UPDATE turns SET due_at = now()")  # the period is over
    began = time.monotonic()
    second = taker(postgres_home, first)
    assert second in workers
    assert time.monotonic() - began < 7  # a look every five seconds
