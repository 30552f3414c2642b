"""The writer: neighbours do not harm each other, nothing is told before it is durable, nobody waits for ever."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from agegate.store.line import StoreUnavailable
from agegate.store.store import Store
from agegate.store.transaction import Transaction

SECONDS = 10
ADD = text("INSERT INTO services (name, profile, created_at) VALUES (:name, 'p', '2026-11-22 09:00:00')")
COUNT = text("SELECT count(*) FROM services")


def add(name: str) -> Callable[[Transaction], str]:
    """A unit that writes a row."""

    def unit(tx: Transaction) -> str:
        tx.connection.execute(ADD, {"name": name})
        return name

    return unit


def count(engine: Engine) -> int:
    """How many rows another connection sees."""
    with engine.connect() as connection:
        return int(connection.execute(COUNT).scalar_one())


async def together(store: Store, *units: Callable[[Transaction], str]) -> list[str | BaseException]:
    """Hands the units in while the writer is busy, so that they share a batch; what each returned or raised."""
    gate, begun = threading.Event(), threading.Event()

    def busy(tx: Transaction) -> None:
        del tx
        begun.set()
        assert gate.wait(SECONDS)

    first = asyncio.create_task(store.write(busy))
    await asyncio.to_thread(begun.wait, SECONDS)
    tasks = [asyncio.create_task(store.write(unit)) for unit in units]
    await asyncio.sleep(0)
    gate.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


def broken(tx: Transaction) -> str:
    """A unit that fails after it wrote."""
    add("half")(tx)
    raise ZeroDivisionError


def test_a_unit_that_fails_does_not_take_its_neighbours_with_it(store: Store) -> None:
    one, bad, two = asyncio.run(together(store, add("one"), broken, add("two")))
    assert (one, two, type(bad), count(store.engine)) == ("one", "two", ZeroDivisionError, 2)


def test_a_unit_that_breaks_a_rule_of_the_database_fails_alone(store: Store) -> None:
    results = asyncio.run(together(store, add("one"), add("one"), add("two")))
    assert ([isinstance(each, Exception) for each in results], count(store.engine)) == ([False, True, False], 2)


def test_a_batch_that_failed_is_run_again_from_the_beginning(store: Store) -> None:
    runs: list[str] = []

    def counted(tx: Transaction) -> str:
        runs.append("run")
        return add("one")(tx)

    asyncio.run(together(store, counted, broken))
    assert (len(runs), count(store.engine)) == (2, 1)


def test_a_result_is_told_only_after_another_connection_can_see_it(store: Store) -> None:
    async def told(name: str) -> int:
        await store.write(add(name))
        return count(store.engine)

    async def scene() -> list[int]:
        return [await told(name) for name in ("one", "two", "three")]

    assert asyncio.run(scene()) == [1, 2, 3]


def test_a_caller_that_left_does_not_stop_the_writer(store: Store) -> None:
    async def scene() -> str:
        gate, begun = threading.Event(), threading.Event()

        def busy(tx: Transaction) -> None:
            del tx
            begun.set()
            assert gate.wait(SECONDS)

        leaving = [asyncio.create_task(store.write(unit)) for unit in (busy, add("left"))]
        await asyncio.to_thread(begun.wait, SECONDS)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        gate.set()
        return await asyncio.wait_for(store.write(add("stayed")), SECONDS)

    assert asyncio.run(scene()) == "stayed"


def test_many_callers_at_once_are_all_served(store: Store) -> None:
    names = [f"s-{number}" for number in range(200)]

    async def scene() -> list[str]:
        return await asyncio.gather(*(store.write(add(name)) for name in names))

    assert (asyncio.run(scene()), count(store.engine)) == (names, 200)


def test_what_was_handed_in_before_the_end_is_still_done(store: Store) -> None:
    async def scene() -> list[str | BaseException]:
        waiting = [asyncio.create_task(store.write(add(f"s-{number}"))) for number in range(100)]
        await asyncio.sleep(0)
        await asyncio.to_thread(store.close)
        return await asyncio.gather(*waiting, return_exceptions=True)

    results = asyncio.run(scene())
    assert (results, count(store.engine)) == ([f"s-{number}" for number in range(100)], 100)


def test_what_comes_after_the_end_is_refused_and_does_not_wait(store: Store) -> None:
    store.close()
    with pytest.raises(StoreUnavailable):
        store.write_now(add("late"))


def test_a_reader_sees_what_was_committed_before(store: Store) -> None:
    store.write_now(add("one"))
    assert store.read_now(lambda tx: int(tx.connection.execute(COUNT).scalar_one())) == 1


def test_writers_on_many_threads_are_all_served(store: Store) -> None:
    def many(prefix: str) -> None:
        for number in range(25):
            store.write_now(add(f"{prefix}-{number}"))

    threads = [threading.Thread(target=many, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert count(store.engine) == 100
