"""Every decision can be made again from what was recorded of it: profile and version, rules, place and day."""

import json
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agegate.law.loader import load_law, shipped_profiles
from agegate.rules.birth_date import BirthDate
from agegate.rules.decision import Decision, decide
from agegate.rules.law import Law
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from tests.rules.samples import ROW, severity

LAW = load_law()
PROFILES = {profile.label: profile for profile in shipped_profiles(LAW).values()}

LABELS = st.sampled_from(sorted(PROFILES))
PLACES = st.sampled_from([*LAW.places, Place("ZW"), Place("US", "US-WY")])
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PEOPLE = st.builds(
    lambda day, years, days: BirthDate(day - timedelta(days=round(years * 365.2425) + days)),
    DAYS,
    st.integers(0, 25),
    st.integers(-2, 2),
)


def recorded(profile: Profile, person: BirthDate, place: Place, today: date) -> str:
    """What a row keeps of a decision, as text; the date of birth is sealed beside it."""
    answer = decide(profile, LAW, person, place, today)
    return json.dumps(
        {
            "profile": answer.profile,
            "country": place.country,
            "region": place.region,
            "decided_on": today.isoformat(),
            "answer": severity(answer),
            "reasons": [(reason.rule, reason.citation) for reason in answer.reasons],
        }
    )


def replayed(record: str, person: BirthDate, law: Law) -> Decision:
    """The decision made again, from the record and the opened date of birth alone."""
    kept = json.loads(record)
    place = Place(kept["country"], kept["region"])
    return decide(PROFILES[kept["profile"]], law, person, place, date.fromisoformat(kept["decided_on"]))


def told(answer: Decision) -> list[object]:
    """An answer in the form of the record."""
    return [list(severity(answer)), [[reason.rule, reason.citation] for reason in answer.reasons]]


@given(LABELS, PEOPLE, PLACES, DAYS)
@settings(max_examples=400)
def test_the_record_and_the_birth_date_give_the_same_decision_again(
    label: str, person: BirthDate, place: Place, today: date
) -> None:
    record = recorded(PROFILES[label], person, place, today)
    kept = json.loads(record)
    assert told(replayed(record, person, LAW)) == [kept["answer"], kept["reasons"]]


@given(LABELS, PEOPLE, PLACES, DAYS)
def test_a_rule_that_starts_later_does_not_change_what_was_decided(
    label: str, person: BirthDate, place: Place, today: date
) -> None:
    later = replace(
        ROW,
        id="later",
        country=place.country,
        region=place.region,
        consent_age=21,
        effective_from=today + timedelta(days=1),
    )
    amended = Law(rows=(*LAW.rows, later), adult_ages=LAW.adult_ages, service_classes=LAW.service_classes)
    record = recorded(PROFILES[label], person, place, today)
    assert told(replayed(record, person, amended)) == told(replayed(record, person, LAW))


@given(LABELS, PEOPLE, PLACES, DAYS)
def test_every_row_that_is_recorded_counted_on_that_day(
    label: str, person: BirthDate, place: Place, today: date
) -> None:
    kept = json.loads(recorded(PROFILES[label], person, place, today))
    counted = {row.id for row in LAW.applicable(place, PROFILES[label].service_class, today)}
    assert {rule for rule, _ in kept["reasons"]} <= counted | {label, "no_method", "guardian_link"}
