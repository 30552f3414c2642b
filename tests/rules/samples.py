"""Rows, profiles and laws to judge with, each named by what differs from the plainest one."""

from dataclasses import replace
from datetime import date

from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import BirthDate
from agegate.rules.decision import ConsentRequired, Decision, strictness
from agegate.rules.law import ConsentMethod, Kind, Law, LawRow, ServiceClass, Status
from agegate.rules.place import Place
from agegate.rules.profile import NoticeTerms, Profile, Purpose

TODAY = date(2026, 11, 22)
HOME = Place("DE")

ROW = LawRow(
    id="DE-one",
    country="DE",
    name="Somewhere",
    regime="other",
    kind=Kind.CONSENT,
    service_class="any",
    consent_age=16,
    citation="Some Act s 1",
    effective_from=date(1900, 1, 1),
    status=Status.IN_FORCE,
    consent_method=ConsentMethod.GUARDIAN,
)

NOTICE = NoticeTerms(
    policy_url="https://example.com/privacy",
    purposes=(
        Purpose(
            id="provide",
            title="Provide",
            text="To run it.",
            categories=("account",),
            retention="A year",
            required=True,
        ),
    ),
    recipients=(),
    storage_places=("Germany",),
    complaint_route="Write to us.",
)

PROFILE = Profile(
    name="plain",
    version=1,
    policy_version="7",
    discloses=False,
    methods=frozenset(Assurance),
    notice=NOTICE,
)


def law_of(*rows: LawRow) -> Law:
    """A law of these rows, with one narrower class of service."""
    narrow = ServiceClass("social_media_large", "the large ones", ("social_media",))
    return Law(rows=rows, service_classes={narrow.name: narrow})


def born(text: str) -> BirthDate:
    return BirthDate(date.fromisoformat(text))


def aged(years: int, today: date = TODAY) -> BirthDate:
    """Somebody whose birthday is today."""
    return BirthDate(today.replace(year=today.year - years))


def severity(answer: Decision) -> tuple[int, int, bool]:
    """How much an answer asks, part by part."""
    if isinstance(answer, ConsentRequired):
        return strictness(answer.name), answer.assurance.rank, answer.assent_needed
    worst = answer.name == "blocked"
    return strictness(answer.name), len(Assurance) if worst else -1, worst


def is_no_looser(one: Decision, other: Decision) -> bool:
    """Whether an answer asks at least as much as another in every part."""
    return all(mine >= theirs for mine, theirs in zip(severity(one), severity(other), strict=True))


def rules_of(answer: Decision) -> list[str]:
    return [reason.rule for reason in answer.reasons]


__all__ = [
    "HOME",
    "NOTICE",
    "PROFILE",
    "ROW",
    "TODAY",
    "aged",
    "born",
    "is_no_looser",
    "law_of",
    "replace",
    "rules_of",
    "severity",
]
