"""The lease: one worker at a time has an item, and one that lost it records nothing."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pytest

from agegate.store import agenda
from agegate.store.records import AgendaItem
from agegate.store.transaction import Transaction
from agegate.worker.loop import Worker
from agegate.worker.outcome import Done, Later, Outcome, Together
from agegate.worker.settling import ENOUGH, Settling, settle
from tests.houses import Home


def put(home: Home, *refs: str) -> None:
    """Work that is due now."""

    def unit(tx: Transaction) -> None:
        for ref in refs:
            agenda.put(tx, f"row-{ref}", "kind", ref, home.clock())

    home.house.store.write_now(unit)


def claim(home: Home) -> list[AgendaItem]:
    """What a worker gets."""
    return home.house.store.write_now(lambda tx: agenda.claim(tx, 10, home.clock()))


@pytest.mark.parametrize("later", [False, True])
def test_a_worker_that_lost_its_lease_records_nothing(home: Home, later: bool) -> None:
    put(home, "a")
    late = claim(home)[0]
    home.clock.move(seconds=60)
    now_mine = claim(home)[0]
    recorded: list[str] = []

    def record(tx: Transaction) -> None:
        del tx
        recorded.append("once")

    outcome: Outcome = Later(home.clock(), "code", record) if later else Done(record)
    held = home.house.store.write_now(partial(settle, results=[(late, outcome), (now_mine, outcome)]))
    assert (held, recorded) == ({now_mine}, ["once"])


@pytest.mark.parametrize(("ended", "running"), [(1, 1), (1, 2), (5, 32), (ENOUGH, 32)])
def test_results_that_end_shortly_after_each_other_are_recorded_together(home: Home, ended: int, running: int) -> None:
    put(home, *(f"item-{number}" for number in range(ENOUGH)))
    recorded: list[int] = []

    def record(tx: Transaction, rows: Sequence[str], at: datetime) -> None:
        del tx, at
        recorded.append(len(rows))

    async def end_one_by_one(items: Sequence[AgendaItem]) -> None:
        settled = Settling(home.house.store, lambda: running)
        ending = []
        for item in items:
            ending.append(asyncio.create_task(settled(item, Done(Together(record, item.id, home.clock())))))
            await asyncio.sleep(0)
        await asyncio.gather(*ending)

    items = home.house.store.write_now(lambda tx: agenda.claim(tx, ended, home.clock()))
    asyncio.run(end_one_by_one(items))
    assert recorded == [ended]


def test_two_workers_never_do_an_item_twice_while_the_lease_holds(home: Home) -> None:
    refs = [f"item-{number}" for number in range(40)]
    put(home, *refs)
    done: Counter[str] = Counter()

    async def act(item: AgendaItem, now: datetime) -> Outcome:
        del now
        await asyncio.sleep(0.01)
        done[item.ref] += 1
        return Done()

    async def scene() -> None:
        workers = [Worker(home.house.store, home.clock, {"kind": act}) for _ in range(3)]
        await asyncio.gather(*(each.until_idle() for each in workers))

    asyncio.run(scene())
    assert (done, home.rows()["agenda"]) == (Counter(refs), 0)


def test_an_act_that_broke_is_tried_again_and_stops_nobody(home: Home) -> None:
    put(home, "bad", "good")
    done: list[str] = []

    async def act(item: AgendaItem, now: datetime) -> Outcome:
        del now
        done.append(item.ref)
        if item.ref == "bad" and item.attempts == 1:
            raise ZeroDivisionError
        return Done()

    async def scene() -> None:
        await Worker(home.house.store, home.clock, {"kind": act}).until_idle()

    asyncio.run(scene())
    home.clock.move(minutes=1)
    asyncio.run(scene())
    assert (sorted(done), home.rows()["agenda"]) == (["bad", "bad", "good"], 0)


def test_a_worker_that_died_between_act_and_record_is_followed_by_another_after_the_lease(home: Home) -> None:
    put(home, "a")
    done: list[int] = []

    async def act_and_die(item: AgendaItem, now: datetime) -> Outcome:
        del now
        done.append(item.attempts)
        raise asyncio.CancelledError

    async def act(item: AgendaItem, now: datetime) -> Outcome:
        del now
        done.append(item.attempts)
        return Done()

    for doing, seconds in ((act_and_die, 59), (act, 1), (act, 60)):
        asyncio.run(Worker(home.house.store, home.clock, {"kind": doing}).until_idle())
        home.clock.move(seconds=seconds)
    assert (done, home.rows()["agenda"]) == ([1, 2], 0)


def test_a_worker_that_is_told_to_stop_finishes_what_it_began(home: Home) -> None:
    put(home, "a")
    done: list[str] = []

    async def scene() -> None:
        stop = asyncio.Event()

        async def act(item: AgendaItem, now: datetime) -> Outcome:
            del now
            stop.set()
            await asyncio.sleep(0.05)
            done.append(item.ref)
            return Done()

        await Worker(home.house.store, home.clock, {"kind": act}).run(stop)

    asyncio.run(scene())
    assert (done, home.rows()["agenda"]) == (["a"], 0)


def test_a_result_that_cannot_be_recorded_takes_no_neighbour_with_it(home: Home) -> None:
    put(home, "bad", "good", "fine")

    def breaks(tx: Transaction) -> None:
        del tx
        raise ZeroDivisionError

    async def act(item: AgendaItem, now: datetime) -> Outcome:
        del now
        return Done(breaks) if item.ref == "bad" else Done()

    asyncio.run(Worker(home.house.store, home.clock, {"kind": act}).until_idle())
    assert home.rows()["agenda"] == 1


def test_results_of_one_kind_are_recorded_together(home: Home) -> None:
    put(home, "a", "b", "c")
    recorded: list[list[str]] = []

    def record(tx: Transaction, rows: Sequence[str], now: datetime) -> None:
        del tx, now
        recorded.append(sorted(rows))

    async def act(item: AgendaItem, now: datetime) -> Outcome:
        return Done(Together(record, item.ref, now))

    asyncio.run(Worker(home.house.store, home.clock, {"kind": act}).until_idle())
    assert recorded == [["a", "b", "c"]]
