"""Somebody claims that a subject is under age: who shuts, what is told, and how often one may."""

import pytest

from tests.houses import Home
from tests.journeys.operators import told
from tests.journeys.people import decision, sign_up, token, waiting_minor
from tests.reports.people import adult, report, reported, rule


@pytest.mark.parametrize("basis", ["verified_guardian", "self_statement", "staff"])
def test_a_claim_with_a_name_behind_it_shuts_at_once(home: Home, basis: str) -> None:
    adult(home)
    reported(home, basis=basis)
    assert (decision(home, "sam"), token(home, "sam").status_code) == ("restricted", 403)
    assert told(home, "sam")[-1] == "subject.restricted"


def test_an_anonymous_claim_shuts_nobody(home: Home) -> None:
    adult(home)
    reported(home, basis="other")
    assert (decision(home, "sam"), token(home, "sam").status_code) == ("allowed", 201)


def test_the_answer_is_the_same_for_known_and_unknown_subjects(home: Home) -> None:
    adult(home)
    known, unknown = report(home, "sam"), report(home, "nobody")
    assert known.content.replace(known.json()["id"].encode(), b"") == unknown.content.replace(
        unknown.json()["id"].encode(), b""
    )
    assert (known.status_code, set(known.headers)) == (unknown.status_code, set(unknown.headers))


def test_a_report_on_nobody_shuts_nobody_who_signs_up_later(home: Home) -> None:
    reported(home, "sam")
    adult(home)
    assert decision(home, "sam") == "allowed"


def test_one_who_only_waits_goes_on_waiting(home: Home) -> None:
    waiting_minor(home)
    reported(home, "alex")
    assert decision(home, "alex") == "consent_required"


def test_a_retry_is_the_same_report(home: Home) -> None:
    adult(home)
    assert reported(home, reporter="mum") == reported(home, reporter="mum")


def test_the_sixth_report_of_a_reporter_and_day_is_refused(home: Home) -> None:
    taken = [report(home, f"u{number}", "other", reporter="eve").status_code for number in range(6)]
    assert taken == [202] * 5 + [429]
    home.clock.move(days=1, seconds=1)
    assert report(home, "u6", "other", reporter="eve").status_code == 202


def test_many_reports_on_one_subject_delete_and_shut_nothing(home: Home) -> None:
    adult(home)
    answers = {report(home, basis="other", reporter=f"r{number}").status_code for number in range(51)}
    assert (answers, decision(home, "sam")) == ({202, 429}, "allowed")


def test_after_a_dismissal_the_same_kind_of_claim_shuts_no_more(home: Home) -> None:
    adult(home)
    assert rule(home, reported(home), "dismissed").status_code == 200
    home.clock.move(days=1)
    reported(home)
    assert decision(home, "sam") == "allowed"
    reported(home, basis="verified_guardian")
    assert decision(home, "sam") == "restricted"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"subject": "sam", "basis": "sweep"}, "/basis"),
        ({"subject": "sam@example.org", "basis": "staff"}, "/subject"),
        ({"subject": "sam", "basis": "staff", "detail": ""}, "/detail"),
        ({"subject": "sam"}, "/basis"),
    ],
)
def test_only_a_claim_can_be_reported(still: Home, body: dict[str, str], pointer: str) -> None:
    refused = still.call("POST", "/v1/reports", body, key=still.keys["game"])
    assert (refused.status_code, [fault["pointer"] for fault in refused.json()["errors"]]) == (422, [pointer])


def test_a_restricted_claim_on_a_fresh_signup_of_the_same_name_is_its_own(home: Home) -> None:
    adult(home)
    rule(home, reported(home), "upheld")
    assert sign_up(home, "sam", "1996-05-01").json()["decision"] == "allowed"
