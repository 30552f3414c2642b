"""What a service is told before anybody types."""

from dataclasses import replace

import pytest

from agegate.rules.assurance import Assurance
from agegate.rules.decision import requirements
from agegate.rules.law import ConsentMethod, Law, LawRow
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from tests.rules.samples import HOME, PROFILE, ROW, TODAY, law_of

VERIFIABLE = replace(ROW, consent_method=ConsentMethod.VERIFIABLE_GUARDIAN)


@pytest.mark.parametrize(
    ("profile", "rows", "limits"),
    [
        (PROFILE, (ROW,), (0, 16, Assurance.EMAIL, False)),
        (
            replace(PROFILE, block_below=14, consent_below=18, assent_needed=True),
            (ROW,),
            (14, 18, Assurance.EMAIL, True),
        ),
        (replace(PROFILE, block_below="consent_age", block_floor=13), (ROW,), (16, None, None, False)),
        (replace(PROFILE, consent_below=18), (VERIFIABLE,), (0, 18, Assurance.EMAIL_PLUS, False)),
        (replace(PROFILE, methods=frozenset({Assurance.EMAIL})), (VERIFIABLE,), (16, None, None, False)),
        (PROFILE, (), (0, 18, Assurance.EMAIL_PLUS, False)),
    ],
)
def test_the_limits_of_a_place_are_told_in_ages(
    profile: Profile, rows: tuple[LawRow, ...], limits: tuple[int, int | None, Assurance | None, bool]
) -> None:
    told = requirements(profile, law_of(*rows), HOME, TODAY)
    assert (told.minimum_age, told.consent_below, told.consent_assurance, told.assent_needed) == limits


def test_the_rules_behind_the_limits_are_told_with_them() -> None:
    told = requirements(PROFILE, law_of(ROW, replace(ROW, id="FR", country="FR")), HOME, TODAY)
    assert (told.rules, told.profile, told.place) == ((ROW,), "plain@1", HOME)


@pytest.mark.parametrize(
    ("place", "adult"),
    [
        (Place("US"), 18),
        (Place("US", "US-AL"), 19),
        (Place("US", "US-CA"), 18),
        (Place("TH"), 20),
        (Place("ZW"), 18),
    ],
)
def test_the_age_of_majority_is_that_of_the_subdivision_else_of_the_country(place: Place, adult: int) -> None:
    rows = (replace(ROW, country="TH", adult_age=20), replace(ROW, country="TH", adult_age=18))
    law = Law(rows=rows, adult_ages={"US-AL": 19})
    assert (law.adult_age(place, TODAY), requirements(PROFILE, law, place, TODAY).adult_age) == (adult, adult)


def test_a_row_that_has_ended_says_nothing_about_majority() -> None:
    old = replace(ROW, adult_age=20, effective_until=TODAY)
    assert law_of(old, ROW).adult_age(HOME, TODAY) == 18
