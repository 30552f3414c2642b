"""What changes between two days."""

from datetime import date, timedelta

import pytest

from agegate.law.comparison import Change, compare
from agegate.law.limits import Limits, limits_of
from agegate.law.loader import load_law

LAW = load_law()
CHILE = date(2026, 12, 1)


def changes(first: date, last: date) -> dict[str, Change]:
    return {change.place.code: change for change in compare(LAW, first, last)}


def test_chile_changes_on_its_day_and_nobody_else() -> None:
    assert list(changes(CHILE - timedelta(days=1), CHILE)) == ["CL"]


def test_the_rows_that_end_and_start_are_told_with_their_day() -> None:
    events = changes(date(2026, 11, 22), date(2026, 12, 31))["CL"].events
    assert [(event.day, event.starts, event.row.id) for event in events] == [
        (CHILE, False, "CL-old"),
        (CHILE, True, "CL-2026"),
    ]


def test_the_ages_before_and_after_are_told_for_the_classes_that_share_them() -> None:
    (shift,) = changes(date(2026, 11, 22), CHILE)["CL"].shifts
    assert (shift.everywhere, shift.before, shift.after) == (
        True,
        Limits(18, ("guardian",), None, 18, "fallback"),
        Limits(14, ("guardian",), None, 18, ""),
    )


def test_a_change_for_some_classes_names_them() -> None:
    (shift,) = changes(date(2026, 12, 31), date(2027, 1, 1))["US-AL"].shifts
    assert (shift.classes, shift.everywhere) == (("app_store",), False)


def test_nothing_changes_within_a_day() -> None:
    assert compare(LAW, CHILE, CHILE) == ()


def test_a_rule_that_never_applies_is_no_change() -> None:
    never = {row.id for row in LAW.rows if not row.decides}
    told = {event.row.id for change in compare(LAW, date(1990, 1, 1), date(2040, 1, 1)) for event in change.events}
    assert told & never == set()


@pytest.mark.parametrize("year", range(2012, 2029))
def test_a_place_that_is_not_named_has_the_same_limits(year: int) -> None:
    first, last = date(year, 1, 1), date(year + 1, 1, 1)
    named = changes(first, last)
    for place in LAW.places:
        if place.code not in named:
            for service_class in LAW.service_classes:
                assert limits_of(LAW, place, service_class, first) == limits_of(LAW, place, service_class, last)
