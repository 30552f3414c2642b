"""What callers ask of the flows, as frozen values that are already known to be well-formed.

Owns the shape of each request once it is parsed. `web/forms.py` makes them and refuses what does not fit;
whether the request may be granted is each flow's judgement. The repr of a form shows nothing personal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from agegate.rules.birth_date import BirthDate
from agegate.rules.evidence import EvidenceAssurance, EvidenceKind
from agegate.rules.guardian_proof import GuardianMethod
from agegate.rules.hold import HoldReason
from agegate.rules.place import Place
from agegate.rules.purge import LegState, PurgeReason
from agegate.rules.report import Basis, Ruling
from agegate.rules.signals import AgeSignal


@dataclass(frozen=True, slots=True)
class AssentForm:
    """The minor's own agreement: which notice, in which language, by its digest."""

    policy_version: str
    locale: str
    notice_sha256: str


class SignupForm(NamedTuple):
    """A signup. `places` holds the declared place first, then the hinted one where a hint was given."""

    birth_date: BirthDate
    places: tuple[Place, ...]
    time_zone: str | None = None
    locale: str | None = None
    email: str | None = None
    device_digest: str | None = None
    assent: AssentForm | None = None
    audience: str | None = None
    signals: tuple[AgeSignal, ...] = ()

    def __repr__(self) -> str:
        return "SignupForm(…)"


@dataclass(frozen=True, slots=True)
class ConsentRequestForm:
    """The wish to ask a guardian; without a locale the subject's own is used."""

    guardian_email: str = field(repr=False)
    locale: str | None = None
    child_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """A date of birth that an operator has evidence for; of `reference` only a keyed digest is kept."""

    birth_date: BirthDate = field(repr=False)
    kind: EvidenceKind
    reference: str = field(repr=False)
    assurance: EvidenceAssurance
    obtained_at: datetime


@dataclass(frozen=True, slots=True)
class AttestationForm:
    """What a person of the operator saw or heard of a guardian; `reference` is the number of the case."""

    method: GuardianMethod
    reference: str


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """What somebody offers as proof of an age; `reference` is where its papers are."""

    kind: EvidenceKind
    reference: str = field(repr=False)
    assurance: EvidenceAssurance
    obtained_at: datetime


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The claim that a subject is under age."""

    subject: str
    basis: Basis
    reporter: str | None = field(default=None, repr=False)
    detail: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RulingForm:
    """What a person says of a report, and why."""

    ruling: Ruling
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenForm:
    """The wish for a token that one audience can check."""

    subject: str
    audience: str


@dataclass(frozen=True, slots=True)
class PurgeForm:
    """The order to delete a subject's data everywhere; `reason` is one that a service may give."""

    subject: str
    reason: PurgeReason


@dataclass(frozen=True, slots=True)
class LegException:
    """What a holder keeps in spite of the order, on which legal basis, until which day."""

    category: str
    legal_basis: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HoldForm:
    """A legal hold to be placed."""

    reason: HoldReason
    owner: str
    ends_at: datetime
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class LegForm:
    """A holder's word on its own leg; `status` is in progress, completed or refused."""

    status: LegState
    completed_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    exceptions: tuple[LegException, ...] = ()
