"""Deciding again, and another process between any two of its statements: no change is lost, nobody asked twice."""

from datetime import timedelta

from agegate.entropy import new_id
from agegate.flows.decide_again import DecideAgain
from agegate.flows.due import Due
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.judge_guardian import JudgeGuardian
from agegate.flows.renew_consent import RenewConsent
from agegate.flows.request_consent import RequestConsent
from agegate.flows.rule_scope import ALL
from agegate.house import House
from agegate.rules.purge import PurgeReason
from agegate.store import agenda
from agegate.store.redecisions import begin_redecision, cursor_of
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.people import sign_up, waiting_minor
from tests.processes.between import Flow, Scene, claimed, everywhere, records, writes


def decides(house: House, scope: str, after: timedelta = timedelta(0)) -> Flow:
    """The next batch of a change."""
    judge, digests = JudgeAgain(house.rules, house.vault), house.digests
    asking = RequestConsent(
        JudgeGuardian(judge, digests), house.vault, digests, house.links, house.entropy, house.audit
    )
    again = DecideAgain(judge, house.settle, house.entropy, RenewConsent(asking, house.settle))
    return lambda tx: again(tx, scope, house.clock() + after)


def begins(house: House, scope: str, after: timedelta = timedelta(0)) -> Flow:
    """A change of the rules, as who starts with it notes it."""

    def flow(tx: Transaction) -> None:
        begin_redecision(tx, scope, house.clock() + after)
        agenda.put(tx, new_id(house.entropy, house.clock()), Due.REDECIDE, scope, house.clock())

    return flow


def test_a_change_of_the_rules_during_another_is_worked_through(postgres_home: Home) -> None:
    home = postgres_home
    waiting_minor(home)
    home.work()

    def scene(_: str) -> Scene:
        home.house.store.write_now(begins(home.house, ALL))
        one = records(claimed(home, Due.REDECIDE, ALL), lambda house: decides(house, ALL))

        def look() -> object:
            def read(tx: Transaction) -> object:
                return cursor_of(tx, ALL), agenda.is_known(tx, Due.REDECIDE, ALL)

            return home.house.store.read_now(read)

        return one, writes(lambda house: begins(house, ALL, timedelta(seconds=1))), look

    found = everywhere(home, scene)
    assert len(found) > 3
    # What came in before the batch began to read is part of it.
    assert [met for met in found if met.fell or (met.place > 2 and met.end != ("", True))] == []
    assert [met for met in found if met.end not in {("", True), (None, False)}] == []


def test_a_younger_date_that_comes_meanwhile_counts_at_the_next_change(postgres_home: Home) -> None:
    home, began = postgres_home, postgres_home.clock()

    def scene(subject: str) -> Scene:
        home.clock.now = began
        sign_up(home, subject, "2006-05-01")
        home.clock.move(days=400)  # now of an age that no rule asks for
        home.house.store.write_now(begins(home.house, ALL))

        def look() -> object:
            held = home.house.store.read_now(lambda tx: find_subject(tx, "game", subject))
            purged(home, subject)
            return held.grown if held else None

        return writes(lambda house: decides(house, ALL)), lambda _: sign_up(home, subject, "2008-06-01"), look

    found = everywhere(home, scene)
    assert len(found) > 3
    assert [met for met in found if met.fell or met.end is not False] == []


def purged(home: Home, subject: str) -> None:
    """Nothing of a subject is left for the next round."""
    now = home.clock()
    home.house.store.write_now(lambda tx: home.house.purge(tx, "game", subject, PurgeReason.SUBJECT_REQUEST, now))
