"""A wrong date of birth has a remedy: an operator corrects it on evidence, also for a child whom we do not hold."""

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from agegate.store.rule_tables import CorrectionRow
from agegate.store.transaction import table_of
from tests.houses import Home
from tests.journeys.operators import correct, operator, told
from tests.journeys.people import ADULT, SIXTEEN, TWELVE, decision, sign_up, token, waiting_minor

MISTYPED = "2016-05-01"
FAMILY = "family@example.org"


def test_a_mistyped_year_has_a_remedy(home: Home) -> None:
    key = operator(home)
    sign_up(home, "sam", MISTYPED)
    assert sign_up(home, "sam", ADULT).json()["decision"] == "blocked"
    assert correct(home, key, "sam", ADULT).status_code == 202
    assert sign_up(home, "sam", ADULT).json()["decision"] == "allowed"


def test_the_next_signup_is_decided_on_the_corrected_date_and_not_on_an_older_one(home: Home) -> None:
    key = operator(home)
    sign_up(home, "kim", TWELVE)
    correct(home, key, "kim", SIXTEEN)
    assert sign_up(home, "kim", ADULT).json()["decision"] == "consent_required"


def test_a_younger_date_than_the_corrected_one_is_taken(home: Home) -> None:
    key = operator(home)
    sign_up(home, "kim", TWELVE)
    correct(home, key, "kim", ADULT)
    assert sign_up(home, "kim", SIXTEEN).json()["decision"] == "consent_required"


def test_a_new_no_ends_what_a_correction_lifted(home: Home) -> None:
    key = operator(home)
    sign_up(home, "kim", TWELVE)
    correct(home, key, "kim", ADULT)
    sign_up(home, "kim", TWELVE)
    assert sign_up(home, "kim", ADULT).json()["decision"] == "blocked"


def test_a_corrected_date_waits_for_a_signup_no_longer_than_a_no_would(home: Home) -> None:
    key = operator(home)
    sign_up(home, "kim", TWELVE)
    correct(home, key, "kim", SIXTEEN)
    home.clock.move(hours=72)
    assert sign_up(home, "kim", ADULT).json()["decision"] == "allowed"


def test_a_correction_frees_others_who_were_matched_by_the_address_alone(home: Home) -> None:
    key = operator(home)
    sign_up(home, "sam", MISTYPED, email=FAMILY)
    assert sign_up(home, "mother", ADULT, email=FAMILY).json()["decision"] == "blocked"
    correct(home, key, "sam", ADULT)
    assert sign_up(home, "mother", ADULT, email=FAMILY).json()["decision"] == "allowed"


def test_whoever_was_matched_by_the_address_alone_can_be_corrected_too(home: Home) -> None:
    key = operator(home)
    sign_up(home, "kim", TWELVE, email=FAMILY)
    sign_up(home, "mother", ADULT, email=FAMILY)
    correct(home, key, "mother", ADULT)
    answers = [sign_up(home, who, ADULT, email=FAMILY).json()["decision"] for who in ("mother", "kim", "kims-second")]
    assert answers == ["allowed", "blocked", "blocked"]


def test_a_waiting_minor_who_is_older_in_truth_is_allowed_at_once(home: Home) -> None:
    key = operator(home)
    waiting_minor(home)
    reply = correct(home, key, "alex", ADULT, "substantial")
    assert (reply.status_code, reply.json()["decision"], told(home, "alex")) == (200, "allowed", ["age.changed"])


@pytest.mark.parametrize("born", [SIXTEEN, TWELVE])
def test_what_a_person_might_have_typed_is_no_evidence_for_an_older_date(home: Home, born: str) -> None:
    key = operator(home)
    sign_up(home, "kim", born)
    reply = correct(home, key, "kim", ADULT, "low")
    assert (reply.status_code, [fault["code"] for fault in reply.json()["errors"]]) == (422, ["too_weak"])
    assert decision(home, "kim") in {"consent_required", "blocked"}


def test_any_evidence_makes_somebody_younger_and_an_admitted_account_is_only_restricted(home: Home) -> None:
    key = operator(home)
    sign_up(home, "sam", ADULT)
    assert correct(home, key, "sam", TWELVE, "low").json()["decision"] == "restricted"
    assert told(home, "sam") == ["subject.restricted"]


def test_evidence_clears_a_restricted_subject(home: Home) -> None:
    key = operator(home)
    sign_up(home, "sam", ADULT)
    sign_up(home, "sam", TWELVE)
    assert token(home, "sam").status_code == 403
    assert correct(home, key, "sam", ADULT).json()["decision"] == "allowed"
    assert (token(home, "sam").status_code, told(home, "sam")) == (201, ["subject.restricted", "subject.cleared"])


def test_a_waiting_minor_found_under_age_is_purged(home: Home) -> None:
    key = operator(home)
    waiting_minor(home)
    assert correct(home, key, "alex", TWELVE, "low").json()["decision"] == "blocked"
    assert decision(home, "alex") == "purged"


def test_a_services_own_key_corrects_nothing(home: Home) -> None:
    sign_up(home, "kim", TWELVE)
    assert correct(home, home.keys["game"], "kim", ADULT).status_code == 403


def test_an_operator_of_another_service_finds_nobody(home: Home) -> None:
    key = operator(home, "scan")
    sign_up(home, "kim", TWELVE)
    assert correct(home, key, "kim", ADULT).status_code == 404


def test_nobody_is_corrected_who_was_never_told_anything(home: Home) -> None:
    assert correct(home, operator(home), "nobody", ADULT).status_code == 404


def test_a_purge_takes_the_corrected_date_with_it(home: Home) -> None:
    key = operator(home)
    sign_up(home, "kim", TWELVE)
    correct(home, key, "kim", ADULT)
    body = {"subject": "kim", "reason": "service_request"}
    assert home.call("POST", "/v1/purges", body, key=home.keys["game"]).status_code == 202
    assert home.rows()["sticky_answers"] == 0


def test_of_the_evidence_only_kind_strength_time_and_a_digest_are_kept(home: Home) -> None:
    key = operator(home)
    waiting_minor(home)
    correct(home, key, "alex", ADULT)
    with home.house.store.engine.connect() as connection:
        kept = connection.execute(table_of(CorrectionRow).select()).mappings().one()
    assert (kept["kind"], kept["assurance"], kept["person"]) == ("document", "high", "jo-smith")
    assert "case-4711" not in str(kept)


def test_no_table_holds_a_date_of_birth_in_the_clear(home: Home) -> None:
    key = operator(home)
    signals = [{"source": "apple", "age_upper": 17, "assurance": "verified"}]
    sign_up(home, "kim", TWELVE, email=FAMILY, device_digest="d" * 32)
    correct(home, key, "kim", "1996-05-02")
    sign_up(home, "alex", "2010-05-03", signals=signals, device_digest="e" * 32)
    with home.house.store.engine.connect() as connection:
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in SQLModel.metadata.tables]  # noqa: S608 - names of our own tables
    assert [born for born in (TWELVE, "1996-05-02", "2010-05-03", FAMILY, "dddd", "eeee") if born in str(rows)] == []
