"""A newer policy version asks guardian and minor again; until both agreed the older scope holds, or stops."""

from dataclasses import replace

import pytest

from agegate.law.loader import shipped_profiles
from tests.houses import Home
from tests.journeys.new_rules import LAW, restarted
from tests.journeys.people import answer, ask_guardian, consented_minor, decision, notice, token, waiting_minor

DEEPSEEK = shipped_profiles(LAW)["deepseek"]
NEWER = replace(DEEPSEEK, version=2, policy_version="2027-01-01")


@pytest.fixture
def consented(home: Home) -> Home:
    """A consented minor, after a worker has noted the rules."""
    home.work()
    consented_minor(home)
    home.clock.move(days=1)
    return home


def test_the_same_guardian_is_asked_again_and_the_older_scope_holds(consented: Home) -> None:
    before = len(consented.mails())
    again = restarted(consented, deepseek=NEWER)
    assert (len(again.mails()), decision(again, "alex"), token(again, "alex").status_code) == (
        before + 1,
        "consented",
        201,
    )


def test_newer_terms_count_once_both_agreed(consented: Home) -> None:
    again = restarted(consented, deepseek=NEWER)
    assert answer(again, "grant").status_code == 200
    sent = again.call("PUT", "/v1/subjects/alex/assent", notice(again), key=again.keys["game"])
    assert (sent.status_code, decision(again, "alex")) == (200, "consented")


def test_a_no_to_newer_terms_leaves_the_older_consent_alone(consented: Home) -> None:
    again = restarted(consented, deepseek=NEWER)
    answer(again, "decline")
    assert decision(again, "alex") == "consented"


def test_where_the_profile_says_so_the_older_scope_stops(consented: Home) -> None:
    again = restarted(consented, deepseek=replace(NEWER, old_scope_holds=False))
    assert (decision(again, "alex"), token(again, "alex").status_code) == ("consent_required", 403)


def test_after_a_stop_only_the_minors_word_is_missing_once_the_guardian_agreed(consented: Home) -> None:
    again = restarted(consented, deepseek=replace(NEWER, old_scope_holds=False))
    answer(again, "grant")
    refused = token(again, "alex")
    assert refused.json()["type"].endswith("/assent-required")
    again.call("PUT", "/v1/subjects/alex/assent", notice(again), key=again.keys["game"])
    assert decision(again, "alex") == "consented"


def test_a_token_says_that_only_the_assent_is_missing(home: Home) -> None:
    waiting_minor(home, assent=False)
    ask_guardian(home)
    answer(home, "grant")
    assert token(home, "alex").json()["type"].endswith("/assent-required")
