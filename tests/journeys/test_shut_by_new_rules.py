"""New rules ask for a consent that is not there: shut at once, and a guardian's yes within the case opens again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agegate.law.loader import shipped_profiles
from agegate.rules.assurance import Assurance
from agegate.rules.consent import RequestState
from agegate.rules.report import ReportState
from agegate.store.consents import note_request
from agegate.store.reports import Report, reports_queue
from tests.houses import Home
from tests.journeys.new_rules import LAW, ROW, restarted
from tests.journeys.operators import correct, operator, told
from tests.journeys.people import (
    FIFTEEN,
    GUARDIAN,
    TWELVE,
    answer,
    ask_guardian,
    consented_minor,
    decision,
    link_in_last_mail,
    notice,
    sign_up,
    token,
)
from tests.reports.people import contest, reported, rule, waits

EIGHTEEN = "2008-05-01"
STRICTER = replace(shipped_profiles(LAW)["deepseek"], version=2, consent_below=20)


def cases(home: Home) -> list[Report]:
    """Every case, open ones first."""
    return home.house.store.read_now(
        lambda tx: [case for over in (False, True) for case in reports_queue(tx, None, ended=over)]
    )


@pytest.fixture
def shut(home: Home) -> Home:
    """Robin, who was allowed, with a token, until the profile began to ask for a guardian."""
    home.work()
    assert sign_up(home, "robin", EIGHTEEN).json()["decision"] == "allowed"
    assert token(home, "robin").status_code == 201
    return restarted(home, deepseek=STRICTER)


def agree(home: Home, link: str | None = None) -> None:
    """Both say yes to the same notice."""
    assert home.call("PUT", "/v1/subjects/robin/assent", notice(home), key=home.keys["game"]).status_code == 200
    assert answer(home, "grant", link).status_code == 200


def test_whoever_was_let_in_is_restricted_at_once_and_the_service_told(shut: Home) -> None:
    assert (decision(shut, "robin"), told(shut, "robin")) == ("restricted", ["subject.restricted"])
    assert token(shut, "robin").status_code == 403
    assert [(case.basis, case.state) for case in cases(shut)] == [("consent_needed", "received")]


def test_the_service_is_told_what_consent_would_lift_it(shut: Home) -> None:
    view = shut.call("GET", "/v1/subjects/robin", key=shut.keys["game"]).json()
    assert (view["decision"], view["consent"]) == ("restricted", {"assurance": "email", "assent_needed": True})


def test_a_guardians_yes_ends_the_case_and_lets_the_subject_in(shut: Home) -> None:
    ask_guardian(shut, "robin")
    agree(shut)
    assert (decision(shut, "robin"), token(shut, "robin").status_code) == ("consented", 201)
    assert [case.state for case in cases(shut)] == [ReportState.ENDED]
    assert set(told(shut, "robin")) == {"subject.restricted", "consent.granted", "subject.cleared"}


def test_the_minors_own_agreement_may_come_last(shut: Home) -> None:
    ask_guardian(shut, "robin")
    answer(shut, "grant")
    before = decision(shut, "robin")
    sign_up(shut, "robin", EIGHTEEN, assent=notice(shut))
    assert (before, decision(shut, "robin")) == ("restricted", "consented")


def test_silence_without_a_ruling_deletes_nothing(shut: Home) -> None:
    ask_guardian(shut, "robin")
    waits(shut, days=31)
    waits(shut, days=31)
    assert (decision(shut, "robin"), [case.state for case in cases(shut)]) == ("restricted", [ReportState.RECEIVED])


def test_silence_after_plausible_ends_in_a_purge(shut: Home) -> None:
    rule(shut, cases(shut)[0].id, "plausible")
    waits(shut, days=31)
    assert decision(shut, "robin") == "purged"


def test_a_consent_counts_in_a_contested_case_too(shut: Home) -> None:
    contest(shut, cases(shut)[0].id)
    ask_guardian(shut, "robin")
    agree(shut)
    assert decision(shut, "robin") == "consented"


def test_a_guardians_no_is_a_no(shut: Home) -> None:
    ask_guardian(shut, "robin")
    answer(shut, "decline")
    assert decision(shut, "robin") == "purged"


def test_where_another_case_shuts_the_subject_nobody_can_be_asked(shut: Home) -> None:
    reported(shut, "robin", "staff")
    path = "/v1/subjects/robin/consent-requests"
    refused = shut.call("POST", path, {"guardian_email": GUARDIAN}, key=shut.keys["game"])
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "consent-not-needed")


def test_a_yes_waits_for_the_other_case_to_be_dismissed(shut: Home) -> None:
    ask_guardian(shut, "robin")
    link, other = link_in_last_mail(shut), reported(shut, "robin", "staff")
    shut.call("PUT", "/v1/subjects/robin/assent", notice(shut), key=shut.keys["game"])
    answer(shut, "grant", link)
    before = decision(shut, "robin")
    sign_up(shut, "robin", EIGHTEEN, assent=notice(shut))
    rule(shut, other, "dismissed")
    shut.call("PUT", "/v1/subjects/robin/assent", notice(shut), key=shut.keys["game"])
    assert (before, decision(shut, "robin")) == ("restricted", "consented")


def test_a_younger_date_is_a_ground_of_its_own(shut: Home) -> None:
    ask_guardian(shut, "robin")
    sign_up(shut, "robin", TWELVE)
    answer(shut, "grant")
    assert decision(shut, "robin") == "restricted"
    assert {case.basis for case in cases(shut)} == {"consent_needed", "younger_date"}


def test_evidence_of_a_younger_date_is_one_too(shut: Home) -> None:
    correct(shut, operator(shut), "robin", TWELVE)
    assert (decision(shut, "robin"), {case.basis for case in cases(shut)}) == (
        "restricted",
        {"consent_needed", "corrected_date"},
    )


def test_when_the_rules_ask_for_none_again_the_subject_is_let_in(shut: Home) -> None:
    again = restarted(shut, deepseek=replace(STRICTER, version=3, consent_below=18))
    assert (decision(again, "robin"), token(again, "robin").status_code) == ("allowed", 201)
    assert [case.state for case in cases(again)] == [ReportState.ENDED]


def test_when_the_rules_then_let_nobody_in_no_consent_helps(shut: Home) -> None:
    again = restarted(shut, deepseek=replace(STRICTER, version=3, block_below=19))
    path = "/v1/subjects/robin/consent-requests"
    assert again.call("POST", path, {"guardian_email": GUARDIAN}, key=again.keys["game"]).status_code == 409
    assert {case.basis for case in cases(again)} == {"consent_needed", "rules_changed"}


def test_a_consent_that_is_too_weak_now_restricts_and_says_how_strong_it_has_to_be(home: Home) -> None:
    home.work()
    consented_minor(home)
    proved = replace(STRICTER, methods=frozenset(Assurance), assurance=Assurance.VERIFIED)
    again = restarted(home, deepseek=proved)
    view = again.call("GET", "/v1/subjects/alex", key=again.keys["game"]).json()
    assert (view["decision"], view["consent"]["assurance"]) == ("restricted", "verified")


def test_a_guardian_who_has_only_to_confirm_was_not_silent(shut: Home) -> None:
    request = ask_guardian(shut, "robin")
    rule(shut, cases(shut)[0].id, "plausible")
    half = {"state": RequestState.CONFIRMING, "expires_at": shut.clock() + timedelta(days=32)}
    shut.house.store.write_now(lambda tx: note_request(tx, request, half))
    waits(shut, days=31)
    before = decision(shut, "robin")
    waits(shut, days=2)
    assert (before, decision(shut, "robin")) == ("restricted", "purged")


def test_a_stricter_law_restricts_whoever_it_concerns(home: Home) -> None:
    home.register("social", "social-media")
    home.work()
    assert sign_up(home, "rosa", FIFTEEN, "ES", "social").json()["decision"] == "allowed"
    again = restarted(home, ROW)
    assert (decision(again, "rosa", "social"), told(again, "rosa", "social")) == ("restricted", ["subject.restricted"])
