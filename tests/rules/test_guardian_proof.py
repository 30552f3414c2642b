"""Which "yes" grants, which waits for a second one, and which has to wait for an adult."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.rules.adult_claims import AdultClaims, shows_adult
from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import BirthDate
from agegate.rules.case_reference import case_reference_fault
from agegate.rules.guardian_proof import ATTESTED, REACHES, AfterYes, GuardianMethod, after_yes, demanded

TODAY = date(2026, 11, 22)
levels, methods, flags = st.sampled_from(Assurance), st.sampled_from(GuardianMethod), st.booleans()


@pytest.mark.parametrize(
    ("needed", "reached", "discloses", "then"),
    [
        (Assurance.EMAIL, Assurance.EMAIL, False, AfterYes.GRANT),
        (Assurance.EMAIL, Assurance.EMAIL, True, AfterYes.GRANT),
        (Assurance.EMAIL_PLUS, Assurance.EMAIL, False, AfterYes.CONFIRM),
        (Assurance.EMAIL_PLUS, Assurance.EMAIL_PLUS, False, AfterYes.GRANT),
        (Assurance.EMAIL_PLUS, Assurance.EMAIL, True, AfterYes.VERIFY),  # 16 CFR 312.5(b)(2)(viii)
        (Assurance.EMAIL_PLUS, Assurance.EMAIL_PLUS, True, AfterYes.VERIFY),
        (Assurance.EMAIL_PLUS, Assurance.VERIFIED, True, AfterYes.GRANT),
        (Assurance.VERIFIED, Assurance.EMAIL, False, AfterYes.VERIFY),
        (Assurance.VERIFIED, Assurance.EMAIL_PLUS, False, AfterYes.VERIFY),
        (Assurance.VERIFIED, Assurance.VERIFIED, True, AfterYes.GRANT),
    ],
)
def test_a_yes_leads_as_far_as_its_strength_reaches(
    needed: Assurance, reached: Assurance, then: AfterYes, *, discloses: bool
) -> None:
    assert after_yes(needed, reached, discloses=discloses) is then


@given(needed=levels, method=methods, discloses=flags)
def test_a_weaker_method_never_grants(needed: Assurance, method: GuardianMethod, *, discloses: bool) -> None:
    granted = after_yes(needed, REACHES[method], discloses=discloses) is AfterYes.GRANT
    assert granted is (REACHES[method].rank >= demanded(needed, discloses=discloses).rank)


@given(needed=levels, discloses=flags)
def test_disclosure_never_asks_for_less(needed: Assurance, *, discloses: bool) -> None:
    assert demanded(needed, discloses=discloses) >= needed


def test_every_method_has_a_level() -> None:
    assert set(REACHES) == set(GuardianMethod)


def test_what_a_person_vouches_for_is_verified() -> None:
    assert {REACHES[method] for method in ATTESTED} == {Assurance.VERIFIED}


def born(text: str) -> BirthDate:
    return BirthDate.read(text, TODAY)


@pytest.mark.parametrize(
    ("claims", "adult"),
    [
        (AdultClaims(), False),
        (AdultClaims(age_over_18=True), True),
        (AdultClaims(age_over_18=False), False),
        (AdultClaims(birth_date=born("2008-11-22")), True),  # the birthday itself
        (AdultClaims(birth_date=born("2008-11-23")), False),  # the day before
        (AdultClaims(birth_date=born("2008")), False),  # read as the youngest it can mean
        (AdultClaims(birth_date=born("2007")), True),
        (AdultClaims(acr_agreed=True), True),
        (AdultClaims(age_over_18=True, birth_date=born("2012-01-01")), False),  # one of them says "minor"
        (AdultClaims(age_over_18=False, birth_date=born("1980-01-01")), False),
        (AdultClaims(acr_agreed=True, age_over_18=False), False),
        (AdultClaims(acr_agreed=True, birth_date=born("1980-01-01")), True),
    ],
)
def test_an_adult_is_shown_by_one_claim_and_denied_by_any(claims: AdultClaims, *, adult: bool) -> None:
    assert shows_adult(claims, TODAY) is adult


def test_claims_show_no_date_of_birth() -> None:
    assert "19" not in repr(AdultClaims(birth_date=born("1980-01-01")))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("case-4711", None),
        ("2026/11/0042", None),
        ("7", None),
        ("", "invalid_reference"),
        ("jo-smith", "invalid_reference"),  # a name
        ("jo@example.org7", "invalid_reference"),
        ("case 4711", "invalid_reference"),
        ("-4711", "invalid_reference"),
        ("4711-", "invalid_reference"),
        ("fäll-1", "invalid_reference"),
        ("1" * 64, None),
        ("1" * 65, "invalid_reference"),
        ("\uff14\uff17", "invalid_reference"),  # full-width digits
    ],
)
def test_a_reference_is_a_number_and_no_name(text: str, fault: str | None) -> None:
    assert case_reference_fault(text) == fault
