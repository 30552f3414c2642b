"""The feed of events has no gap that fills later: positions are given out in the order of commits."""

import threading
from collections.abc import Callable, Iterator

import pytest

from agegate.flows.announce import EventType
from agegate.store.engine import open_engine
from agegate.store.events import count_undelivered, events_after, hand_to_purge
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from tests.houses import Home

PATIENCE_SECONDS = 10


def tell(home: Home, tx: Transaction, subject: str, service: str = "game") -> None:
    """One event about a subject's row of that name."""
    home.house.announce(tx, service, EventType.SUBJECT_RESTRICTED, home.clock(), subject_id=subject)


def read_on(home: Home, cursor: int = 0) -> list[tuple[int, str | None]]:
    """A page of the feed of `game`."""
    found = home.house.store.read_now(lambda tx: events_after(tx, "game", cursor))
    return [(event.seq, event.subject_id) for event in found]


@pytest.fixture
def other(postgres_url: str) -> Iterator[Store]:
    """The store of a second process on the same database."""
    opened = Store(open_engine(postgres_url))
    yield opened
    opened.close()


def in_the_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_transaction_that_began_earlier_and_ends_later_is_not_passed_by(postgres_home: Home, other: Store) -> None:
    home, may_end, has_told = postgres_home, threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        tell(home, tx, "slow")
        tx.flush()
        has_told.set()
        may_end.wait(PATIENCE_SECONDS)

    late = in_the_background(lambda: other.write_now(slow))
    assert has_told.wait(PATIENCE_SECONDS)
    home.house.store.write_now(lambda tx: tell(home, tx, "quick"))
    seen = read_on(home)
    may_end.set()
    late.join(PATIENCE_SECONDS)
    after = read_on(home, seen[-1][0])
    assert ([name for _, name in seen], [name for _, name in after]) == (["quick"], ["slow"])


def test_a_position_is_given_out_only_when_the_one_before_it_is_committed(postgres_home: Home) -> None:
    home = postgres_home
    with home.house.store.engine.connect() as first:
        begun = first.begin()
        tx = Transaction(first)
        tell(home, tx, "first")
        tx.finish()
        second = in_the_background(lambda: home.house.store.write_now(lambda tx: tell(home, tx, "second")))
        second.join(0.5)
        assert (second.is_alive(), read_on(home)) == (True, [])
        begun.commit()
        second.join(PATIENCE_SECONDS)
    seen = read_on(home)
    assert [name for _, name in seen] == ["first", "second"]
    assert seen == sorted(seen)


def test_services_do_not_wait_for_each_other(postgres_home: Home) -> None:
    home = postgres_home
    with home.house.store.engine.connect() as first, first.begin():
        tx = Transaction(first)
        tell(home, tx, "first", "scan")
        tx.finish()
        home.house.store.write_now(lambda tx: tell(home, tx, "second"))
        assert [name for _, name in read_on(home)] == ["second"]


@pytest.mark.parametrize("rounds", [20])
def test_a_reader_beside_two_writers_misses_nothing(postgres_home: Home, other: Store, rounds: int) -> None:
    home = postgres_home

    def write(store: Store, name: str) -> None:
        for number in range(rounds):
            about = f"{name}-{number}"
            store.write_now(lambda tx, about=about: tell(home, tx, about))  # type: ignore[misc]  # bound here

    writers = [in_the_background(lambda s=s, n=n: write(s, n)) for s, n in ((home.house.store, "a"), (other, "b"))]  # type: ignore[misc]  # bound here
    seen: list[tuple[int, str | None]] = []
    while any(writer.is_alive() for writer in writers):
        seen += read_on(home, seen[-1][0] if seen else 0)
    seen += read_on(home, seen[-1][0] if seen else 0)
    assert {name for _, name in seen} == {f"{name}-{number}" for name in "ab" for number in range(rounds)}


def test_an_event_of_the_purging_transaction_itself_is_handed_to_the_purge(home: Home) -> None:
    def unit(tx: Transaction) -> tuple[int, int]:
        tell(home, tx, "sam")
        return hand_to_purge(tx, "sam", "purge-1"), count_undelivered(tx, "purge-1")

    assert (home.house.store.write_now(unit), read_on(home)[0][1]) == ((1, 1), None)
