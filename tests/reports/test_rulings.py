"""What a ruling leads to, and what silence does; each on both engines."""

import pytest

from tests.houses import Home
from tests.journeys.operators import correct, operator, told
from tests.journeys.people import ADULT, TWELVE, consented_minor, decision, sign_up, token
from tests.reports.people import adult, contest, reported, rule, waits


def test_upheld_purges_in_the_same_call(home: Home) -> None:
    adult(home)
    ruled = rule(home, reported(home), "upheld")
    assert (ruled.json()["state"], decision(home, "sam")) == ("upheld", "purged")
    assert home.call("GET", f"/v1/purges/{ruled.json()['purge']}", key=home.keys["game"]).json()["reason"] == (
        "report_upheld"
    )


def test_dismissed_lets_the_subject_in_again_with_its_tokens(home: Home) -> None:
    adult(home)
    case = reported(home)
    assert rule(home, case, "dismissed").json()["state"] == "dismissed"
    assert (decision(home, "sam"), token(home, "sam").status_code) == ("allowed", 201)
    assert told(home, "sam")[-1] == "subject.cleared"


def test_a_consented_minor_is_consented_again(home: Home) -> None:
    consented_minor(home)
    rule(home, reported(home, "alex"), "dismissed")
    assert (decision(home, "alex"), token(home, "alex").status_code) == ("consented", 201)


def test_silence_ends_in_a_purge_only_where_the_claim_was_plausible(home: Home) -> None:
    for subject in ("ann", "bob"):
        adult(home, subject)
    plausible, quiet = reported(home, "ann"), reported(home, "bob")
    rule(home, plausible, "plausible")
    waits(home, days=29)
    assert [decision(home, each) for each in ("ann", "bob")] == ["restricted", "restricted"]
    waits(home, days=2)
    assert [decision(home, each) for each in ("ann", "bob")] == ["purged", "restricted"]
    assert rule(home, quiet, "dismissed").status_code == 200
    assert decision(home, "bob") == "allowed"


def test_in_florida_there_are_ninety_days(home: Home) -> None:
    adult(home, region="US-FL")
    rule(home, reported(home), "plausible")
    waits(home, days=89)
    assert decision(home, "sam") == "restricted"
    waits(home, days=2)
    assert decision(home, "sam") == "purged"


def test_found_plausible_late_there_is_still_a_day_to_contest(home: Home) -> None:
    adult(home)
    case = reported(home)
    waits(home, days=40)
    rule(home, case, "plausible")
    waits(home, hours=23)
    assert decision(home, "sam") == "restricted"
    waits(home, hours=2)
    assert decision(home, "sam") == "purged"


def test_contested_never_ends_by_silence(home: Home) -> None:
    adult(home)
    case = reported(home)
    rule(home, case, "plausible")
    assert contest(home, case).json()["state"] == "contested"
    waits(home, days=100)
    assert decision(home, "sam") == "restricted"


def test_a_contested_case_takes_another_person(home: Home) -> None:
    adult(home)
    case = reported(home)
    rule(home, case, "plausible", "jo")
    contest(home, case)
    alone = rule(home, case, "upheld", "jo")
    assert (alone.status_code, alone.json()["type"].rpartition("/")[2]) == (403, "second-approver-required")
    assert decision(home, "sam") == "restricted"
    assert rule(home, case, "upheld", "kim").json()["state"] == "upheld"
    assert decision(home, "sam") == "purged"


def test_two_who_disagree_settle_nothing(home: Home) -> None:
    adult(home)
    case = reported(home)
    contest(home, case)
    states = [rule(home, case, *said).json().get("state") for said in (("upheld", "jo"), ("dismissed", "kim"))]
    assert (states, decision(home, "sam")) == (["contested", "contested"], "restricted")
    assert rule(home, case, "dismissed", "jo").json()["state"] == "dismissed"
    assert decision(home, "sam") == "allowed"


def test_a_second_statement_shortens_the_time_to_a_day(home: Home) -> None:
    adult(home)
    rule(home, reported(home), "plausible")
    home.clock.move(hours=3)
    reported(home, basis="verified_guardian")
    waits(home, hours=23)
    assert decision(home, "sam") == "restricted"
    waits(home, hours=2)
    assert decision(home, "sam") == "purged"


def test_an_anonymous_claim_takes_two_people_to_uphold(home: Home) -> None:
    adult(home)
    case = reported(home, basis="other")
    assert rule(home, case, "upheld", "jo").json()["state"] == "received"
    assert rule(home, case, "upheld", "jo").status_code == 403
    assert decision(home, "sam") == "allowed"
    assert rule(home, case, "upheld", "kim").json()["state"] == "upheld"
    assert decision(home, "sam") == "purged"


def test_an_anonymous_claim_lapses_by_silence(home: Home) -> None:
    adult(home)
    case = reported(home, basis="other")
    rule(home, case, "plausible")
    waits(home, days=31)
    assert (decision(home, "sam"), rule(home, case, "upheld").status_code) == ("allowed", 409)


def test_a_ruling_twice_is_the_same_as_once(home: Home) -> None:
    adult(home)
    case = reported(home)
    first = rule(home, case, "upheld").json()
    assert rule(home, case, "upheld").json()["state"] == first["state"]
    assert rule(home, case, "dismissed").status_code == 409


@pytest.mark.parametrize("other", ["contest", "ruling"])
def test_what_another_service_reported_is_not_there(home: Home, other: str) -> None:
    adult(home)
    case, key = reported(home), operator(home, service="scan", person="sue")
    body = {"ruling": "upheld", "reason": "no"}
    if other == "contest":
        evidence = {"kind": "document", "reference": "7", "assurance": "high", "obtained_at": "2026-11-01T00:00:00Z"}
        assert home.call("POST", f"/v1/reports/{case}/contest", {"evidence": evidence}, key=key).status_code == 404
    else:
        assert home.call("PUT", f"/v1/reports/{case}/ruling", body, key=key).status_code == 404


def test_a_services_own_key_cannot_rule(home: Home) -> None:
    case = reported(home)
    body = {"ruling": "upheld", "reason": "no"}
    assert home.call("PUT", f"/v1/reports/{case}/ruling", body, key=home.keys["game"]).status_code == 403


def case_of(home: Home, subject: str = "sam") -> str:
    """The case that the service was told of last."""
    events = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    named = [
        event["data"]["report"]
        for event in events
        if event["data"].get("subject") == subject and "report" in event["data"]
    ]
    return str(named[-1])


def test_a_younger_date_opens_a_case_and_its_dismissal_takes_the_date_back(home: Home) -> None:
    adult(home)
    assert sign_up(home, "sam", TWELVE).json()["decision"] == "restricted"
    assert rule(home, case_of(home), "dismissed").json()["state"] == "dismissed"
    assert (decision(home, "sam"), sign_up(home, "sam", ADULT).json()["decision"]) == ("allowed", "allowed")


def test_a_younger_date_said_twice_shortens_the_time(home: Home) -> None:
    adult(home)
    sign_up(home, "sam", TWELVE)
    rule(home, case_of(home), "plausible")
    home.clock.move(hours=1)
    sign_up(home, "sam", TWELVE)
    waits(home, hours=25)
    assert decision(home, "sam") == "purged"


def test_a_retry_of_a_younger_date_shortens_nothing(home: Home) -> None:
    adult(home)
    sign_up(home, "sam", TWELVE)
    sign_up(home, "sam", TWELVE)
    rule(home, case_of(home), "plausible")
    waits(home, hours=25)
    assert decision(home, "sam") == "restricted"


def test_a_signal_on_an_admitted_subject_shuts_it(home: Home) -> None:
    adult(home)
    signal = {"source": "app_store", "age_upper": 12, "assurance": "high"}
    assert sign_up(home, "sam", ADULT, signals=[signal]).json()["decision"] == "restricted"
    rule(home, case_of(home), "dismissed")
    assert decision(home, "sam") == "allowed"


def test_evidence_that_corrects_the_date_ends_the_case(home: Home) -> None:
    adult(home)
    case = reported(home)
    key = operator(home)
    assert correct(home, key, "sam", ADULT).json()["decision"] == "allowed"
    assert rule(home, case, "upheld").status_code == 409
    assert decision(home, "sam") == "allowed"


def test_two_claims_are_both_to_be_dismissed(home: Home) -> None:
    adult(home)
    first, second = reported(home), reported(home, basis="staff")
    rule(home, first, "dismissed")
    assert decision(home, "sam") == "restricted"
    rule(home, second, "dismissed")
    assert decision(home, "sam") == "allowed"
