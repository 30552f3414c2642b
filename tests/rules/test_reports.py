"""Whose word counts on a report, and the moves of a case."""

from itertools import product

import pytest

from agegate.rules.report import LIVE, TRANSITIONS, Flag, Look, ReportState, Ruling, flags_of, look_at

P, U, D = Ruling.PLAUSIBLE, Ruling.UPHELD, Ruling.DISMISSED


@pytest.mark.parametrize(("ruling", "before", "by"), list(product(Ruling, [None, *Ruling], ["jo", "kim"])))
def test_one_person_is_enough_where_one_is_enough(ruling: Ruling, before: Ruling | None, by: str) -> None:
    assert look_at(ruling, two_needed=False, before=before, by=by, person="jo") is Look.COUNTS


@pytest.mark.parametrize(
    ("ruling", "before", "by", "look"),
    [
        (U, None, None, Look.NOTED),
        (D, None, None, Look.NOTED),
        (U, U, "kim", Look.COUNTS),
        (D, D, "kim", Look.COUNTS),
        (U, P, "kim", Look.COUNTS),
        (D, P, "kim", Look.COUNTS),
        (U, D, "kim", Look.NOTED),
        (D, U, "kim", Look.NOTED),
        (U, U, "jo", Look.SECOND_NEEDED),
        (U, P, "jo", Look.SECOND_NEEDED),
        (D, U, "jo", Look.SECOND_NEEDED),
        (P, None, None, Look.COUNTS),
        (P, U, "jo", Look.COUNTS),
    ],
)
def test_where_two_are_needed_they_are_two_people_who_agree(
    ruling: Ruling, before: Ruling | None, by: str | None, look: Look
) -> None:
    assert look_at(ruling, two_needed=True, before=before, by=by, person="jo") is look


def test_what_is_over_stays_over() -> None:
    ends = set(ReportState) - LIVE - {ReportState.UNNAMED}
    assert not [to for to, sources in TRANSITIONS.items() if sources & ends]


def test_only_what_a_person_found_plausible_ends_by_silence() -> None:
    assert TRANSITIONS[ReportState.SILENT] == {ReportState.PLAUSIBLE}


@pytest.mark.parametrize(
    ("on_target", "targets", "cooling", "flags"),
    [
        (1, 1, False, []),
        (4, 3, False, []),
        (5, 1, False, [Flag.MANY_REPORTS]),
        (1, 4, False, [Flag.MANY_TARGETS]),
        (5, 4, True, [Flag.MANY_REPORTS, Flag.MANY_TARGETS, Flag.COOL_DOWN]),
    ],
)
def test_the_queue_says_what_looks_like_a_crowd(on_target: int, targets: int, cooling: bool, flags: list[Flag]) -> None:
    assert flags_of(on_target=on_target, targets=targets, cooling=cooling) == flags
