"""Fingerprints of what decides: one for each place of the table and one for each service's profile. Pure.

Only what can change an answer is in them, so that a better citation or a longer note opens nobody's date of birth.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from agegate.rules.law import DEFAULT_ROW, Law
from agegate.rules.law_row import LawRow
from agegate.rules.profile import Profile


@dataclass(frozen=True, slots=True)
class Print:
    """A fingerprint, and for a service the label of the profile that its subjects carry."""

    fingerprint: str
    label: str


DEFAULT = "*"
"""The code of every country without a rule on file."""


def code_of(row: LawRow) -> str:
    """The narrowest code of a row's place."""
    return row.region or row.country


def law_prints(law: Law) -> dict[str, Print]:
    """By the code of the place."""
    by_code: dict[str, list[str]] = {DEFAULT: [_row(DEFAULT_ROW)]}
    for row in law.rows:
        by_code.setdefault(code_of(row), []).append(_row(row))
    return {code: Print(_digest(*sorted(rows)), code) for code, rows in by_code.items()}


def service_prints(services: Mapping[str, Profile], law: Law) -> dict[str, Print]:
    """By the name of the service, of the profile it has; the profile's class says which rows it gets."""
    return {name: Print(_digest(*_profile(each, law)), each.label) for name, each in services.items()}


def turning_days(law: Law) -> dict[str, list[date]]:
    """By the code of the place, the days on which one of its deciding rows starts or ends."""
    days: dict[str, set[date]] = {}
    for row in law.rows:
        if row.decides:
            days.setdefault(code_of(row), set()).update(_days(row))
    return {code: sorted(found) for code, found in days.items()}


def _days(row: LawRow) -> Iterator[date]:
    yield from (day for day in (row.effective_from, row.effective_until) if day is not None)


def _row(row: LawRow) -> str:
    decides = row.id, row.kind, row.service_class, row.consent_age, row.fallback_age, row.block_age
    return repr((*decides, row.effective_from, row.effective_until, row.status, row.consent_method, row.leap_day))


def _profile(profile: Profile, law: Law) -> Iterator[str]:
    yield profile.label
    yield repr((profile.block_below, profile.block_floor, profile.consent_below, profile.discloses))
    yield repr((sorted(method.value for method in profile.methods), profile.assurance, profile.assent_needed))
    yield repr(sorted(law.classes_of(profile.service_class)))


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()
