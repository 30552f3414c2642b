"""Where somebody stands after a judgement, in the form that is stored and answered.

One shape for what `rules` decided, what a sticky answer repeats and what a row recorded; the stricter of two wins.
A day on which it would change is left out here on purpose: it would tell the date of birth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agegate.rules.assurance import Assurance
from agegate.rules.outcome import Blocked, ConsentRequired, Decision, strictness
from agegate.store.records import Reasons, StickyAnswer, Subject

ALLOWED, CONSENT_REQUIRED, BLOCKED, PURGED = "allowed", "consent_required", Blocked.name, "purged"


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision by name, with what a consent needs and the rules that decided."""

    decision: str
    assurance: str | None
    assent_needed: bool
    reasons: Reasons
    profile: str

    @classmethod
    def decided(cls, decision: Decision) -> "Standing":
        """What the rules said just now."""
        reasons = [[reason.rule, reason.citation] for reason in decision.reasons]
        if isinstance(decision, ConsentRequired):
            method = decision.assurance.value
            return cls(decision.name, method, decision.assent_needed, reasons, decision.profile)
        return cls(decision.name, None, False, reasons, decision.profile)

    @classmethod
    def stuck(cls, answer: StickyAnswer) -> "Standing":
        """What an earlier answer says again."""
        return cls(answer.decision, answer.assurance, answer.assent_needed, answer.reasons, answer.profile)

    @classmethod
    def recorded(cls, held: Subject) -> "Standing":
        """What a row says. Whoever is not allowed without a guardian was told no, whatever became of it since."""
        if held.state == ALLOWED:
            return cls(ALLOWED, None, False, held.reasons, held.profile)
        decision = CONSENT_REQUIRED if held.assurance else BLOCKED
        return cls(decision, held.assurance, held.assent_needed, held.reasons, held.profile)

    @property
    def columns(self) -> dict[str, object]:
        """The columns that every table with a decision has."""
        return {
            "decision": self.decision,
            "assurance": self.assurance,
            "assent_needed": self.assent_needed,
            "reasons": self.reasons,
            "profile": self.profile,
        }

    @property
    def weight(self) -> tuple[int, int]:
        """How strict it is: the decision first, then the proof a consent needs."""
        rank = Assurance(self.assurance).rank if self.assurance else -1
        return strictness(self.decision), rank


def strictest(standings: Iterable[Standing]) -> Standing:
    """The one that asks most; of equals the first."""
    return max(standings, key=lambda standing: standing.weight)


@dataclass(frozen=True, slots=True)
class SubjectView:
    """What a service is told about a subject: never a date of birth, an age or an address."""

    subject: str
    decision: str
    reasons: Reasons
    profile: str
    assurance: str | None = None
    assent_needed: bool = False
    expires_at: datetime | None = None


def view_of(subject: Subject) -> SubjectView:
    """The view of a subject that we hold."""
    waits = subject.state == CONSENT_REQUIRED
    return SubjectView(
        subject=subject.subject,
        decision=subject.state,
        reasons=subject.reasons,
        profile=subject.profile,
        assurance=subject.assurance if waits else None,
        assent_needed=waits and subject.assent_needed and subject.assent_sha256 is None,
        expires_at=subject.expires_at if waits else None,
    )


def view_standing(subject: str, standing: Standing) -> SubjectView:
    """The view of somebody whom we do not hold: blocked, or told so before."""
    return SubjectView(subject, standing.decision, standing.reasons, standing.profile)
