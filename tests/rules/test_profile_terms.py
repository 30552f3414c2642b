"""The spans of a profile and their limits, and what a profile can never satisfy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agegate.rules.assurance import Assurance
from agegate.rules.demands import lacking
from agegate.rules.law import ConsentMethod, LawRow
from agegate.rules.place import Place
from agegate.rules.profile import Profile, Retention
from tests.rules.samples import PROFILE, ROW

VERIFIABLE = replace(ROW, consent_method=ConsentMethod.VERIFIABLE_GUARDIAN)
PLUS = replace(PROFILE, methods=frozenset({Assurance.EMAIL, Assurance.EMAIL_PLUS}))
EMAIL = replace(PROFILE, methods=frozenset({Assurance.EMAIL}))


def test_the_usual_spans_are_within_their_limits() -> None:
    assert Retention().faults() == ()


def test_what_a_profile_does_not_say_has_a_usual_span() -> None:
    assert Retention() == Retention(
        request_expiry=timedelta(days=7),
        subject_expiry=timedelta(days=14),
        sticky=timedelta(hours=72),
        withdrawal_grace=timedelta(days=3),
        contest=timedelta(days=30),
        evidence_retention=timedelta(days=1096),
        token_life=timedelta(minutes=10),
    )


@pytest.mark.parametrize(
    ("span", "length"),
    [
        ("request_expiry", timedelta(days=14, seconds=1)),
        ("withdrawal_grace", timedelta(days=31)),
        ("withdrawal_grace", timedelta(seconds=-1)),
        ("token_life", timedelta(minutes=16)),
        ("token_life", timedelta(0)),
        ("sticky", timedelta(0)),
        ("evidence_retention", timedelta(days=-1)),
    ],
)
def test_a_span_outside_its_limits_is_named(span: str, length: timedelta) -> None:
    assert [name for name, _ in Retention(**{span: length}).faults()] == [span]


@pytest.mark.parametrize(
    ("span", "length"),
    [
        ("request_expiry", timedelta(days=14)),
        ("withdrawal_grace", timedelta(days=30)),
        ("withdrawal_grace", timedelta(0)),
        ("token_life", timedelta(minutes=15)),
        ("contest", timedelta(days=90)),
    ],
)
def test_a_span_at_its_limit_is_good(span: str, length: timedelta) -> None:
    assert Retention(**{span: length}).faults() == ()


@pytest.mark.parametrize(
    ("profile", "row", "needed"),
    [
        (PLUS, VERIFIABLE, None),
        (replace(PLUS, discloses=True), VERIFIABLE, Assurance.VERIFIED),
        (EMAIL, VERIFIABLE, Assurance.EMAIL_PLUS),
        (EMAIL, ROW, None),
        (replace(EMAIL, block_below=16), VERIFIABLE, None),  # nobody the row protects is let in
        (replace(EMAIL, block_below=15), VERIFIABLE, Assurance.EMAIL_PLUS),
        (replace(EMAIL, block_below="consent_age"), VERIFIABLE, None),
        (EMAIL, replace(VERIFIABLE, consent_age=None), None),
        (EMAIL, replace(ROW, consent_method=ConsentMethod.NONE_POSSIBLE), None),
        (EMAIL, replace(ROW, consent_method=ConsentMethod.GUARDIAN_LINK), Assurance.VERIFIED),
    ],
)
def test_what_a_profile_cannot_offer_is_told(profile: Profile, row: LawRow, needed: Assurance | None) -> None:
    assert lacking(profile, row) is needed


def test_the_levels_of_assurance_have_an_order() -> None:
    email, plus, verified = Assurance.EMAIL, Assurance.EMAIL_PLUS, Assurance.VERIFIED
    assert sorted([verified, email, plus]) == [email, plus, verified]


@pytest.mark.parametrize(
    ("one", "other", "compared"),
    [
        (Assurance.EMAIL, Assurance.EMAIL_PLUS, (True, True, False, False)),
        (Assurance.EMAIL, Assurance.EMAIL, (False, True, False, True)),
        (Assurance.VERIFIED, Assurance.EMAIL_PLUS, (False, False, True, True)),
    ],
)
def test_two_levels_compare_as_they_rise(
    one: Assurance, other: Assurance, compared: tuple[bool, bool, bool, bool]
) -> None:
    assert (one < other, one <= other, one > other, one >= other) == compared


@pytest.mark.parametrize(("place", "code"), [(None, "DE"), ("DE-BY", "DE-BY")])
def test_a_place_is_named_by_its_narrowest_code(place: str | None, code: str) -> None:
    assert Place("DE", place).code == code
