"""The rules change, and those they concern are decided again by the worker. Nobody who was let in is ever purged."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agegate.law.loader import shipped_profiles
from tests.houses import Home
from tests.journeys.new_rules import LAW, ROW, restarted
from tests.journeys.operators import told
from tests.journeys.people import (
    ADULT,
    FIFTEEN,
    SIXTEEN,
    ask_guardian,
    consented_minor,
    decision,
    sign_up,
    token,
    waiting_minor,
    withdraw,
)

CHILE_TURNS = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
"""Midnight in Chile's last time zone, that of the Easter Island."""


@pytest.fixture
def settled(home: Home) -> Home:
    """The house with a service `social` besides, after a worker has noted the rules as they are."""
    home.register("social", "social-media")
    home.work()
    return home


def test_chile_changes_by_itself_on_its_day(settled: Home) -> None:
    assert sign_up(settled, "lena", FIFTEEN, "CL", "social").json()["decision"] == "consent_required"
    settled.clock.now = CHILE_TURNS.replace(hour=4, minute=59)
    settled.work()
    before = decision(settled, "lena", "social")
    settled.clock.now = CHILE_TURNS
    settled.work()
    assert (before, decision(settled, "lena", "social")) == ("consent_required", "allowed")
    assert told(settled, "lena", "social") == ["age.changed"]


def test_whoever_hinted_at_chile_is_decided_again_too(settled: Home) -> None:
    sign_up(settled, "lena", FIFTEEN, "US", "social", country_hint="CL")
    settled.clock.now = CHILE_TURNS
    settled.work()
    assert decision(settled, "lena", "social") == "allowed"


def test_a_law_that_lets_nobody_in_restricts_whoever_was_let_in(settled: Home) -> None:
    sign_up(settled, "rosa", FIFTEEN, "ES", "scan")
    again = restarted(settled, replace(ROW, block_age=16))
    assert (decision(again, "rosa", "scan"), told(again, "rosa", "scan")) == ("restricted", ["subject.restricted"])


def test_a_child_that_was_never_let_in_and_no_longer_may_is_purged_and_the_no_sticks(settled: Home) -> None:
    waiting_minor(settled)
    again = restarted(settled, replace(ROW, id="US-new", country="US", block_age=17))
    assert decision(again, "alex") == "purged"
    assert sign_up(again, "alex", ADULT).json()["decision"] == "blocked"


def test_a_law_that_is_gone_is_noticed_too(settled: Home) -> None:
    again = restarted(settled, ROW)
    assert sign_up(again, "rosa", FIFTEEN, "ES", "social").json()["decision"] == "consent_required"
    later = restarted(again)
    assert decision(later, "rosa", "social") == "allowed"


def test_a_consent_that_still_suffices_stays(settled: Home) -> None:
    consented_minor(settled)
    again = restarted(settled, replace(ROW, id="US-new", country="US", consent_age=17))
    assert (decision(again, "alex"), token(again, "alex").status_code) == ("consented", 201)


def test_a_new_version_of_a_profile_is_written_on_everybody_it_concerns(settled: Home) -> None:
    sign_up(settled, "robin", "2008-05-01")
    newer = replace(shipped_profiles(LAW)["deepseek"], version=2, consent_below=20)
    again = restarted(settled, deepseek=newer)
    view = again.call("GET", "/v1/subjects/robin", key=again.keys["game"]).json()
    assert (view["decision"], view["profile"]) == ("restricted", {"name": "deepseek", "version": 2})


def test_a_service_that_gets_another_profile_has_its_subjects_decided_again(settled: Home) -> None:
    sign_up(settled, "robin", SIXTEEN, "ES", "social")
    settled.house.store.write_now(
        lambda tx: settled._registrar().service(tx, "social", "deepseek", None, None, settled.clock())  # noqa: SLF001 - the registrar of this house
    )
    settled.work()
    assert decision(settled, "robin", "social") == "restricted"


def test_whoever_was_told_no_before_is_not_let_in_by_a_change_of_the_law(settled: Home) -> None:
    sign_up(settled, "lena", FIFTEEN, "CL", "social", device_digest="d" * 32)
    assert sign_up(settled, "second", ADULT, "CL", "social", device_digest="d" * 32).json()["decision"] == (
        "consent_required"
    )
    again = restarted(settled, without="CL-old")
    assert decision(again, "second", "social") == "consent_required"


def test_a_question_that_nobody_answers_still_purges_whoever_was_never_let_in(settled: Home) -> None:
    waiting_minor(settled)
    ask_guardian(settled)
    again = restarted(settled, replace(ROW, id="US-new", country="US", consent_age=17))
    again.clock.move(days=7, minutes=1)
    again.work()
    assert decision(again, "alex") == "purged"


def test_a_consent_taken_back_ends_in_a_purge_though_the_rules_would_now_ask_for_none(settled: Home) -> None:
    consented_minor(settled)
    withdraw(settled, "withdraw")
    again = restarted(settled, deepseek=replace(shipped_profiles(LAW)["deepseek"], version=2, consent_below=15))
    before = decision(again, "alex")
    again.clock.move(days=3, minutes=1)
    again.work()
    assert (before, decision(again, "alex")) == ("consent_required", "purged")


def test_a_start_under_the_same_rules_puts_nothing_on_the_agenda(settled: Home) -> None:
    sign_up(settled, "lena", FIFTEEN, "CL", "social")
    before = settled.rows()
    again = restarted(settled)
    assert (again.rows()["agenda"], again.rows()["redecisions"]) == (before["agenda"], 0)
