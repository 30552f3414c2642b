"""What another process commits between a look-up and the write counts, as if one had come after the other."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from agegate.flows.forms import HoldForm, SignupForm
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.place_hold import RequestHold
from agegate.flows.purge_subject import PurgeSubject
from agegate.flows.sign_up import SignedUp
from agegate.house import House, open_house
from agegate.rules.birth_date import BirthDate
from agegate.rules.errors import AgeGateError
from agegate.rules.hold import HoldReason
from agegate.rules.place import Place
from agegate.rules.purge import PurgeReason
from agegate.signup_desk import issue_token, sign_up
from agegate.store.registry import find_service
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.people import ADULT, SIXTEEN, TWELVE, decision
from tests.journeys.people import sign_up as put

T = TypeVar("T")
A_MOMENT = 0.3


@pytest.fixture
def beside(postgres_home: Home) -> Iterator[House]:
    """Another process on the same database, as far as the database can tell."""
    opened = open_house(postgres_home.house.settings, postgres_home.clock)
    yield opened
    opened.close()


def signs_up(house: House, tx: Transaction, born: str, before: Callable[[], object]) -> SignedUp:
    """The flow of a signup of `sam`, with something that happens between its look-ups and its first write."""
    flow, service, now = sign_up(house, issue_token(house)), find_service(tx, "game"), house.clock()
    assert service is not None
    form = SignupForm(BirthDate.of_iso(born), (Place("US", None),))
    ready = flow.prepare(service, "sam", form, now)
    assert not isinstance(ready, AgeGateError)
    lookups = flow.looks_for(service, "sam", ready)
    tx.ahead.fetch(tx.connection, lookups, house.store.lines[0]._fetches)  # noqa: SLF001 - as the line does for a batch
    before()
    return flow(tx, service, "sam", form, ready, None, now)


def in_two(first: House, second: House, work: Callable[[House, Transaction], T]) -> tuple[T, T]:
    """The same work in two processes; the second one begins while the first is about to commit."""
    done = threading.Event()

    def and_lingers(tx: Transaction) -> T:
        result = work(first, tx)
        tx.flush()
        done.set()
        time.sleep(A_MOMENT)
        return result

    with ThreadPoolExecutor(1) as pool:
        one = pool.submit(first.store.write_now, and_lingers)
        assert done.wait(10)
        two = second.store.write_now(lambda tx: work(second, tx))
        return one.result(10), two


def test_the_youngest_date_counts_whoever_writes_last(postgres_home: Home, beside: House) -> None:
    put(postgres_home, "sam", ADULT)
    beside.store.write_now(
        lambda tx: signs_up(beside, tx, "1999-01-01", lambda: put(postgres_home, "sam", "2001-01-01"))
    )
    judge = JudgeAgain(beside.rules, beside.vault)
    held = beside.store.read_now(lambda tx: find_subject(tx, "game", "sam"))
    assert held is not None
    assert judge.open(held).birth_date.iso == "2001-01-01"


def test_a_signup_that_finds_its_subject_purged_hears_the_no_that_was_left(postgres_home: Home, beside: House) -> None:
    put(postgres_home, "sam", ADULT)
    put(postgres_home, "sam", TWELVE)
    assert decision(postgres_home, "sam") == "restricted"

    def purged() -> None:
        postgres_home.call("DELETE", "/v1/subjects/sam", key=postgres_home.keys["game"])

    told = beside.store.write_now(lambda tx: signs_up(beside, tx, ADULT, purged))
    assert told.view.decision == "blocked"


@pytest.mark.parametrize("held", [True, False])
def test_two_orders_at_once_are_one_purge(postgres_home: Home, beside: House, *, held: bool) -> None:
    if held:
        put(postgres_home, "sam", SIXTEEN)

    def order(house: House, tx: Transaction) -> str:
        return house.purge(tx, "game", "sam", PurgeReason.SUBJECT_REQUEST, house.clock())

    one, two = in_two(postgres_home.house, beside, order)
    assert one == two


def test_a_deletion_asked_for_twice_at_once_is_answered_alike(postgres_home: Home, beside: House) -> None:
    put(postgres_home, "sam", SIXTEEN)

    def delete(house: House, tx: Transaction) -> object:
        service = find_service(tx, "game")
        assert service is not None
        return PurgeSubject(house.purge).as_asked(tx, service, "sam", house.clock())

    one, two = in_two(postgres_home.house, beside, delete)
    assert one == two


def test_two_holds_asked_for_at_once_are_one(postgres_home: Home, beside: House) -> None:
    put(postgres_home, "sam", SIXTEEN)
    form = HoldForm(HoldReason.LITIGATION, "legal", postgres_home.clock.now.replace(year=2027))

    def request(house: House, tx: Transaction) -> object:
        flow = RequestHold(house.digests, house.entropy, house.announce)
        return getattr(flow(tx, "game", "sam", form, "jo", house.clock()), "id", None)

    one, two = in_two(postgres_home.house, beside, request)
    assert one == two
