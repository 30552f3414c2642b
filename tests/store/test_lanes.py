"""Lanes of the agenda: one slow remote gets a few attempts at once, and holds up nobody else."""

import asyncio
from collections import Counter
from datetime import datetime

from agegate.store import agenda
from agegate.store.records import AgendaItem
from agegate.store.transaction import Transaction
from agegate.worker.loop import Worker
from agegate.worker.outcome import Done, Outcome
from tests.houses import Home


def put(home: Home, number: int, lane: str | None, name: str = "item") -> None:
    """Work that is due now."""

    def unit(tx: Transaction) -> None:
        for place in range(number):
            agenda.put(tx, f"{name}-{place:03}", "kind", f"{name}-{place:03}", home.clock(), lane)

    home.house.store.write_now(unit)


def claim(home: Home, most: int = 32) -> list[AgendaItem]:
    return home.house.store.write_now(lambda tx: agenda.claim(tx, most, home.clock()))


def test_at_most_four_of_a_lane_are_claimed(home: Home) -> None:
    put(home, 10, "holder:a")
    assert [len(claim(home)) for _ in range(3)] == [4, 0, 0]


def test_what_is_finished_makes_room(home: Home) -> None:
    put(home, 10, "holder:a")
    first = claim(home)
    home.house.store.write_now(lambda tx: agenda.finish(tx, first[:3]))
    assert [item.ref for item in claim(home)] == ["item-004", "item-005", "item-006"]


def test_a_lease_that_is_over_takes_no_room(home: Home) -> None:
    put(home, 10, "holder:a")
    claim(home)
    home.clock.move(seconds=61)
    assert len(claim(home)) == 4


def test_lanes_do_not_count_for_each_other(home: Home) -> None:
    put(home, 10, "holder:a", "a")
    put(home, 10, "holder:b", "b")
    assert Counter(item.ref[0] for item in claim(home)) == {"a": 4, "b": 4}


def test_half_of_the_hands_are_kept_for_work_without_a_lane(home: Home) -> None:
    for name in "abcdefghij":
        put(home, 5, f"holder:{name}", name)
    put(home, 40, None, "mail")
    claimed = Counter(item.ref.partition("-")[0] == "mail" for item in claim(home))
    assert claimed == {False: 16, True: 16}


def test_a_worker_does_all_of_a_lane_four_at_a_time(home: Home) -> None:
    put(home, 30, "holder:slow")
    running, most, done = 0, 0, 0

    async def act(item: AgendaItem, now: datetime) -> Outcome:
        nonlocal running, most, done
        del item, now
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        done += 1
        return Done()

    async def scene() -> None:
        workers = [Worker(home.house.store, home.clock, {"kind": act}) for _ in range(3)]
        await asyncio.gather(*(each.until_idle() for each in workers))
        await Worker(home.house.store, home.clock, {"kind": act}).until_idle()

    asyncio.run(scene())
    assert (done, most) == (30, 4)
