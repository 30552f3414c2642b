"""What holds for every table, profile and person that one can make up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import BirthDate, LeapRule
from agegate.rules.decision import Allowed, Blocked, ConsentRequired, decide, stricter
from agegate.rules.law import ConsentMethod, Kind, LawRow, Status
from agegate.rules.place import Place
from agegate.rules.profile import AgeLimit, Profile
from agegate.rules.signals import AgeSignal, band
from tests.rules.samples import HOME, PROFILE, ROW, is_no_looser, law_of, severity

AGES = st.integers(3, 21)
BY_LAW: tuple[Literal["consent_age"]] = ("consent_age",)
BIRTHS = st.dates(date(1985, 1, 1), date(2030, 12, 31)).map(BirthDate)
LEAP_BIRTHS = st.sampled_from(range(1988, 2029, 4)).map(lambda year: BirthDate(date(year, 2, 29)))
PEOPLE = BIRTHS | LEAP_BIRTHS
DAYS = st.dates(date(2005, 1, 1), date(2060, 12, 31)) | st.builds(
    date, st.integers(2005, 2060), st.sampled_from([2, 3]), st.sampled_from([1, 28])
)


@st.composite
def rows(draw: st.DrawFn) -> LawRow:
    """A rule that always counts, of whatever strictness."""
    return replace(
        ROW,
        id=f"DE-{draw(st.integers(0, 99))}",
        consent_age=draw(st.none() | AGES),
        fallback_age=draw(st.none() | AGES),
        block_age=draw(st.none() | AGES),
        leap_day=draw(st.sampled_from(LeapRule)),
        consent_method=draw(st.sampled_from(ConsentMethod)),
        kind=draw(st.sampled_from(Kind)),
        status=draw(st.sampled_from(Status)),
    )


LIMITS: st.SearchStrategy[AgeLimit] = st.one_of(st.none(), AGES, st.sampled_from(BY_LAW))


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    return replace(
        PROFILE,
        block_below=draw(LIMITS),
        block_floor=draw(st.sampled_from([0, 13])),
        consent_below=draw(LIMITS),
        discloses=draw(st.booleans()),
        methods=draw(st.frozensets(st.sampled_from(Assurance))),
        assurance=draw(st.sampled_from(Assurance)),
        assent_needed=draw(st.booleans()),
    )


TABLES = st.lists(rows(), max_size=5).map(tuple)
SIGNALS = st.builds(
    lambda ends: band("service", *(sorted(ends) if None not in ends else ends)),
    st.tuples(st.none() | AGES, st.none() | AGES),
)


@given(TABLES, profiles(), PEOPLE, DAYS, DAYS, st.lists(SIGNALS, max_size=2))
def test_nobody_gets_a_stricter_answer_by_getting_older(
    table: tuple[LawRow, ...],
    profile: Profile,
    person: BirthDate,
    one: date,
    other: date,
    told: list[AgeSignal],
) -> None:
    law = law_of(*table)
    young, old = (decide(profile, law, person, HOME, day, told) for day in sorted((one, other)))
    assert is_no_looser(young, old)


@given(TABLES, profiles(), PEOPLE, PEOPLE, DAYS)
def test_nobody_gets_a_stricter_answer_for_an_older_date_of_birth(
    table: tuple[LawRow, ...], profile: Profile, one: BirthDate, other: BirthDate, today: date
) -> None:
    law = law_of(*table)
    old, young = (decide(profile, law, person, HOME, today) for person in sorted((one, other)))
    assert is_no_looser(young, old)


@given(TABLES, rows(), profiles(), PEOPLE, DAYS)
def test_one_more_rule_never_loosens(
    table: tuple[LawRow, ...], more: LawRow, profile: Profile, person: BirthDate, today: date
) -> None:
    # The first rule with a number replaces the default row, so the table has one from the start.
    known = (ROW, *table)
    before = decide(profile, law_of(*known), person, HOME, today)
    assert is_no_looser(decide(profile, law_of(*known, more), person, HOME, today), before)


@given(TABLES, profiles(), PEOPLE, DAYS, st.lists(SIGNALS, max_size=3), SIGNALS)
def test_one_more_signal_never_loosens(
    table: tuple[LawRow, ...],
    profile: Profile,
    person: BirthDate,
    today: date,
    told: list[AgeSignal],
    more: AgeSignal,
) -> None:
    law = law_of(*table)
    before = decide(profile, law, person, HOME, today, told)
    assert is_no_looser(decide(profile, law, person, HOME, today, [*told, more]), before)


@given(TABLES, profiles(), PEOPLE, DAYS, SIGNALS)
def test_an_unknown_signal_never_beats_a_known_one(
    table: tuple[LawRow, ...], profile: Profile, person: BirthDate, today: date, known: AgeSignal
) -> None:
    law, unknown = law_of(*table), band("other", None, None)
    assert decide(profile, law, person, HOME, today, [unknown, known]) == decide(
        profile, law, person, HOME, today, [known]
    )


@given(TABLES, profiles(), PEOPLE, DAYS, st.sampled_from(LeapRule))
def test_an_unknown_leap_rule_never_beats_a_known_one(
    table: tuple[LawRow, ...], profile: Profile, person: BirthDate, today: date, rule: LeapRule
) -> None:
    unknown = law_of(*(replace(row, leap_day=LeapRule.UNKNOWN) for row in table))
    known = law_of(*(replace(row, leap_day=rule) for row in table))
    assert is_no_looser(decide(profile, unknown, person, HOME, today), decide(profile, known, person, HOME, today))


@given(TABLES, profiles(), BIRTHS, DAYS, st.sampled_from([4, 7]))
def test_an_unknown_day_of_birth_never_beats_a_known_one(
    table: tuple[LawRow, ...], profile: Profile, person: BirthDate, today: date, told: int
) -> None:
    law, latest = law_of(*table), date(2100, 1, 1)
    rough = BirthDate.read(person.iso[:told], latest)
    assert is_no_looser(decide(profile, law, rough, HOME, today), decide(profile, law, person, HOME, today))


@given(profiles(), PEOPLE, DAYS)
def test_an_unknown_country_never_admits_a_child_alone(profile: Profile, person: BirthDate, today: date) -> None:
    answer = decide(profile, law_of(ROW), person, Place("ZW"), today)
    assert person.age_on(today) >= 18 or answer.name != "allowed"


@given(TABLES, TABLES, profiles(), PEOPLE, DAYS)
def test_the_stricter_of_two_answers_asks_what_both_ask(
    table: tuple[LawRow, ...], elsewhere: tuple[LawRow, ...], profile: Profile, person: BirthDate, today: date
) -> None:
    one = decide(profile, law_of(*table), person, HOME, today)
    other = decide(profile, law_of(*elsewhere), person, HOME, today)
    both = stricter(one, other)
    assert severity(both) >= max(severity(one), severity(other))


@given(TABLES, profiles(), PEOPLE, DAYS)
@settings(max_examples=300)
def test_an_answer_changes_on_the_day_it_says_and_on_none_before(
    table: tuple[LawRow, ...], profile: Profile, person: BirthDate, today: date
) -> None:
    law = law_of(*table)
    answer = decide(profile, law, person, HOME, today)
    if isinstance(answer, Allowed) or answer.until is None:
        assert isinstance(answer, Allowed)
        return
    last = max(today, answer.until - timedelta(days=1))
    same, changed = (decide(profile, law, person, HOME, day) for day in (last, answer.until))
    assert severity(same) == severity(answer) != severity(changed)


@given(
    TABLES,
    profiles(),
    st.dates().map(BirthDate),
    st.dates(),
    st.builds(Place, st.sampled_from(["DE", "ZW", "NO", "XK"]), st.sampled_from([None, "DE-BY"])),
    st.lists(SIGNALS, max_size=2),
)
def test_every_valid_question_has_an_answer(
    table: tuple[LawRow, ...],
    profile: Profile,
    person: BirthDate,
    today: date,
    place: Place,
    told: list[AgeSignal],
) -> None:
    answer = decide(profile, law_of(*table), person, place, today, told)
    assert isinstance(answer, (Allowed, ConsentRequired, Blocked))
    assert answer.reasons
