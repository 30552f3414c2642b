"""What app stores and others say about an age: one form, and only ever a reason to be stricter."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from agegate.rules.decision import decide
from agegate.rules.signal_sources import SOURCES
from agegate.rules.signals import AgeSignal, SignalAssurance, SignalRefused, band
from tests.rules.samples import HOME, PROFILE, ROW, TODAY, aged, law_of, rules_of

GUARDED = replace(PROFILE, block_below=14, consent_below=18)


class Told(NamedTuple):
    lower: int | None
    upper: int | None
    assurance: str
    unknown_because: str | None = None


NORMALISED = [
    (
        "apple",
        {"lowerBound": 13, "upperBound": 15, "ageRangeDeclaration": "selfDeclared"},
        Told(13, 15, "self_declared"),
    ),
    ("apple", {"lowerBound": 18, "ageRangeDeclaration": "governmentIDChecked"}, Told(18, None, "verified")),
    (
        "apple",
        {"upperBound": 12, "ageRangeDeclaration": "guardianDeclared"},
        Told(None, 12, "guardian_declared"),
    ),
    ("apple", {"upperBound": 12, "ageRangeDeclaration": "a new word"}, Told(None, 12, "unknown")),
    ("apple", {"response": "declinedSharing"}, Told(None, None, "unknown", "declined")),
    ("apple", {}, Told(None, None, "unknown", "not_told")),
    # Google Play from 0.0.4 on
    (
        "google_play",
        {"ageSignalsStatus": "SHARED", "ageRangeSource": "TIER_A", "ageLower": 0, "ageUpper": 12},
        Told(0, 12, "self_declared"),
    ),
    (
        "google_play",
        {"ageRangeSource": "TIER_D", "ageLower": 18, "ageUpper": None},
        Told(18, None, "verified"),
    ),
    (
        "google_play",
        {"ageSignalsStatus": "NOT_SHARED", "ageRangeSource": None},
        Told(None, None, "unknown", "not_shared"),
    ),
    (
        "google_play",
        {"ageSignalsStatus": "VERIFICATION_REQUIRED"},
        Told(None, None, "unknown", "verification_required"),
    ),
    # Google Play until 0.0.3
    (
        "google_play",
        {"userStatus": "SUPERVISED", "ageLower": 13, "ageUpper": 15},
        Told(13, 15, "guardian_declared"),
    ),
    ("google_play", {"userStatus": "SUPERVISED_APPROVAL_DENIED"}, Told(None, 17, "guardian_declared")),
    ("google_play", {"userStatus": "VERIFIED"}, Told(18, None, "checked")),
    (
        "google_play",
        {"userStatus": "DECLARED", "ageLower": 16, "ageUpper": 17},
        Told(16, 17, "self_declared"),
    ),
    ("google_play", {"userStatus": "UNKNOWN"}, Told(None, None, "unknown", "unknown")),
    ("google_play", {"userStatus": ""}, Told(None, None, "unknown", "not_told")),
    ("google_play", {}, Told(None, None, "unknown", "not_told")),
    (
        "amazon",
        {"responseStatus": "SUCCESS", "userStatus": "SUPERVISED", "ageLower": 0, "ageUpper": 12},
        Told(0, 12, "guardian_declared"),
    ),
    (
        "amazon",
        {"responseStatus": "FEATURE_NOT_SUPPORTED"},
        Told(None, None, "unknown", "feature_not_supported"),
    ),
    (
        "amazon",
        {"responseStatus": "SUCCESS", "userStatus": "UNKNOWN"},
        Told(None, None, "unknown", "unknown"),
    ),
    ("amazon", {"userStatus": "UNKNOWN"}, Told(None, None, "unknown", "unknown")),
    ("amazon", {}, Told(None, None, "unknown", "not_told")),
]


@pytest.mark.parametrize(("source", "payload", "told"), NORMALISED)
def test_every_source_comes_into_one_form(source: str, payload: dict[str, object], told: Told) -> None:
    signal = SOURCES[source](payload)
    assert signal == AgeSignal(
        source=source,
        age_lower=told.lower,
        age_upper=told.upper,
        assurance=SignalAssurance(told.assurance),
        unknown_because=told.unknown_because,
    )


@pytest.mark.parametrize(
    ("lower", "upper", "code"),
    [
        ("13", 15, "invalid_type"),
        (13, True, "invalid_type"),
        (13.0, None, "invalid_type"),
        (-1, 12, "out_of_range"),
        (0, 151, "out_of_range"),
        (16, 13, "empty_range"),
    ],
)
def test_a_range_that_cannot_be_is_refused(lower: object, upper: object, code: str) -> None:
    with pytest.raises(SignalRefused) as refused:
        band("service", lower, upper)
    assert (refused.value.code, str(refused.value)) == (code, code)


@pytest.mark.parametrize(("lower", "upper"), [(0, 0), (150, 150), (13, None), (None, 12)])
def test_the_ends_of_a_range_may_meet_or_be_open(lower: int | None, upper: int | None) -> None:
    signal = band("service", lower, upper)
    assert (signal.age_lower, signal.age_upper, signal.unknown_because) == (lower, upper, None)


@pytest.mark.parametrize(
    ("age", "ranges", "name"),
    [
        (30, [(0, 12)], "blocked"),
        (30, [(0, 13)], "blocked"),
        (30, [(14, 14)], "consent_required"),
        (30, [(16, 17)], "consent_required"),
        (30, [(16, 17), (0, 12)], "blocked"),  # the lowest counts
        (30, [(0, 12), (16, 17)], "blocked"),
        (30, [(18, None)], "allowed"),
        (30, [(13, 18)], "allowed"),
        (12, [(18, None)], "blocked"),  # a signal never admits
        (12, [(13, 15)], "blocked"),
        (15, [(13, 15)], "consent_required"),  # it agrees with the date of birth
        (30, [(None, None)], "allowed"),  # nothing told, nothing changed
    ],
)
def test_a_signal_may_restrict_but_never_admit(
    age: int, ranges: list[tuple[int | None, int | None]], name: str
) -> None:
    signals = [band("service", lower, upper) for lower, upper in ranges]
    assert decide(GUARDED, law_of(ROW), aged(age), HOME, TODAY, signals).name == name


def test_a_signal_that_agrees_changes_nothing() -> None:
    law = law_of(ROW)
    alone = decide(GUARDED, law, aged(15), HOME, TODAY)
    assert decide(GUARDED, law, aged(15), HOME, TODAY, [band("apple", 13, 15)]) == alone


def test_a_signal_that_decides_is_named_with_its_source() -> None:
    answer = decide(GUARDED, law_of(ROW), aged(30), HOME, TODAY, [band("apple", 0, 12)])
    assert rules_of(answer) == ["plain@1", "signal:apple"]
    assert answer.reasons[-1].citation == "An age signal tells a lower age than the date of birth does"


def test_a_stores_own_word_is_kept_up_to_its_64th_letter() -> None:
    assert SOURCES["google_play"]({"userStatus": "X" * 65}).unknown_because == "x" * 64


def test_a_signal_that_decides_has_no_known_end() -> None:
    answer = decide(GUARDED, law_of(ROW), aged(30), HOME, TODAY, [band("apple", 0, 12)])
    assert getattr(answer, "until", TODAY) is None


def test_a_signal_never_shows_its_ages() -> None:
    assert repr(band("apple", 13, 15)) == "AgeSignal(apple, …)"
