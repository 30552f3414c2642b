"""Which rows of the table decide at a place on a day, and what stands in where the law gives no number."""

from dataclasses import replace
from datetime import date

import pytest

from agegate.rules.assurance import Assurance
from agegate.rules.decision import decide
from agegate.rules.law import DEFAULT_ROW, ConsentMethod, Kind, LawRow, Status
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from tests.rules.samples import HOME, PROFILE, ROW, TODAY, aged, born, law_of, rules_of

EMAIL = frozenset({Assurance.EMAIL})
VERIFIABLE = replace(ROW, consent_method=ConsentMethod.VERIFIABLE_GUARDIAN)
DISCLOSING = replace(PROFILE, discloses=True)


def name_for(age: int, profile: Profile, *rows: LawRow, place: Place = HOME) -> str:
    return decide(profile, law_of(*rows), aged(age), place, TODAY).name


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.IN_FORCE, True),
        (Status.GUIDANCE, True),
        (Status.TRANSITION, True),
        (Status.PARTLY_ENJOINED, True),
        (Status.FUTURE, True),  # its day has come
        (Status.ENJOINED, False),
        (Status.STRUCK_DOWN, False),
        (Status.NEVER_EFFECTIVE, False),
        (Status.ENACTED_NOT_IN_FORCE, False),
        (Status.UNCONFIRMED_DATE, False),
    ],
)
def test_only_a_rule_with_the_force_of_law_counts(status: Status, counts: bool) -> None:
    strict = replace(ROW, id="DE-two", consent_age=18, status=status)
    assert name_for(17, PROFILE, ROW, strict) == ("consent_required" if counts else "allowed")


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"kind": Kind.DESIGN_DUTY}, False),
        ({"kind": Kind.AGE_SIGNAL}, False),
        ({"consent_method": ConsentMethod.NONE_REQUIRED}, False),
        ({"effective_from": None}, False),
        ({"kind": Kind.FEATURE_CONSENT}, True),
    ],
)
def test_duties_signals_and_rules_without_a_first_day_never_decide(changes: dict[str, object], counts: bool) -> None:
    strict = replace(replace(ROW, id="DE-two", consent_age=18), **changes)  # type: ignore[arg-type]  # any field
    assert name_for(17, PROFILE, ROW, strict) == ("consent_required" if counts else "allowed")


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2025, 12, 31), "allowed"),  # the day before it starts
        (date(2026, 1, 1), "consent_required"),
        (date(2026, 6, 30), "consent_required"),
        (date(2026, 7, 1), "allowed"),  # the first day without it
    ],
)
def test_a_rule_counts_from_its_first_day_to_the_day_before_its_end(today: date, name: str) -> None:
    strict = replace(
        ROW, id="DE-two", consent_age=18, effective_from=date(2026, 1, 1), effective_until=date(2026, 7, 1)
    )
    assert decide(PROFILE, law_of(ROW, strict), born("2008-12-24"), HOME, today).name == name


@pytest.mark.parametrize(
    ("service_class", "counts"), [("any", False), ("social_media", True), ("social_media_large", True)]
)
def test_a_rule_for_a_class_reaches_that_class_and_the_narrower_ones(service_class: str, counts: bool) -> None:
    social = replace(ROW, id="DE-two", consent_age=18, service_class="social_media")
    profile = replace(PROFILE, service_class=service_class)
    assert name_for(17, profile, ROW, social) == ("consent_required" if counts else "allowed")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place("US"), "allowed"),
        (Place("US", "US-TN"), "consent_required"),
        (Place("US", "US-CA"), "allowed"),
    ],
)
def test_the_rules_of_a_country_and_of_its_subdivision_join(place: Place, name: str) -> None:
    federal = replace(ROW, id="US", country="US", consent_age=13)
    state = replace(ROW, id="TN", country="US", region="US-TN", consent_age=18)
    assert name_for(15, PROFILE, federal, state, place=place) == name


def test_of_several_rules_the_strictest_stands_and_all_are_named() -> None:
    rows = (ROW, replace(VERIFIABLE, id="DE-two"), replace(ROW, id="DE-young", consent_age=13))
    answer = decide(PROFILE, law_of(*rows), aged(15), HOME, TODAY)
    assert (rules_of(answer), getattr(answer, "assurance", None)) == (
        ["DE-one", "DE-two"],
        Assurance.EMAIL_PLUS,
    )


# --- where the law gives no number


@pytest.mark.parametrize(("age", "name"), [(15, "consent_required"), (16, "allowed")])
def test_where_the_law_gives_no_number_the_fallback_is_taken(age: int, name: str) -> None:
    assert name_for(age, PROFILE, replace(ROW, consent_age=None, fallback_age=16)) == name


def test_a_fallback_is_marked_in_the_reason() -> None:
    law = law_of(replace(ROW, consent_age=None, fallback_age=16))
    (reason,) = decide(PROFILE, law, aged(15), HOME, TODAY).reasons
    assert (reason.rule, reason.citation) == (
        "DE-one",
        "Some Act s 1 (fallback: this law gives no number, 16 is used)",
    )


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (replace(ROW, country="FR"),),  # a rule, but elsewhere
        (replace(ROW, status=Status.ENJOINED),),
        (replace(ROW, consent_age=None, block_age=12),),  # a block alone says nothing about consent
    ],
)
@pytest.mark.parametrize(("age", "name"), [(17, "consent_required"), (18, "allowed")])
def test_without_a_number_on_file_everybody_under_eighteen_is_a_child(
    rows: tuple[LawRow, ...], age: int, name: str
) -> None:
    assert name_for(age, PROFILE, *rows) == name


def test_the_default_row_says_that_it_is_one() -> None:
    answer = decide(PROFILE, law_of(), aged(17), Place("ZW"), TODAY)
    assert [(reason.rule, reason.citation) for reason in answer.reasons] == [
        (
            "default",
            ("No rule on file for this country; this service treats everyone under 18 as a child (compare CRC Art. 1)"),
        )
    ]


@pytest.mark.parametrize(
    ("methods", "assurance"),
    [
        (Assurance, Assurance.EMAIL_PLUS),
        ((Assurance.EMAIL,), Assurance.EMAIL),
        ((Assurance.EMAIL, Assurance.VERIFIED), Assurance.EMAIL),
        ((Assurance.VERIFIED,), Assurance.VERIFIED),
    ],
)
def test_the_default_row_asks_for_a_confirmed_email_at_most(
    methods: tuple[Assurance, ...], assurance: Assurance
) -> None:
    answer = decide(replace(DISCLOSING, methods=frozenset(methods)), law_of(), aged(17), HOME, TODAY)
    assert getattr(answer, "assurance", None) is assurance


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        (DEFAULT_ROW, "default"),
        (replace(ROW, consent_age=None, fallback_age=16), "fallback"),
        (replace(ROW, fallback_age=18), ""),  # the law's own number goes first
        (replace(ROW, consent_age=None, block_age=16), ""),
        (ROW, ""),
    ],
)
def test_a_number_that_is_not_the_laws_own_is_marked(row: LawRow, mark: str) -> None:
    assert row.mark == mark


def test_the_places_of_a_law_are_named_once_in_the_order_of_the_table() -> None:
    state = replace(ROW, id="TN", country="US", region="US-TN")
    assert law_of(ROW, state, replace(ROW, id="DE-two")).places == (HOME, Place("US", "US-TN"))
