"""Correct a date of birth on evidence, also of a blocked child whom we do not hold.

Held: decided again at once. Not held: the corrected date waits, sealed under a key of its own, for the next signup
within the sticky time; that signup is decided on it (or on a younger date) without the earlier "no". Of the evidence
only kind, digest of the reference, strength and time are kept.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.forms import CorrectionForm
from agegate.flows.judge_again import JudgeAgain, birth_date_cell, corrected_cell
from agegate.flows.settle_standing import SettleStanding
from agegate.flows.standing import Standing, SubjectView, strictest, view_of, view_standing
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator, of_service
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.errors import AgeGateError, Fault, InputRefused, SubjectUnknown
from agegate.rules.evidence import LIFTING
from agegate.rules.profile import Profile
from agegate.rules.purge_causes import Cause
from agegate.store.records import Service, Subject
from agegate.store.redecisions import add_correction
from agegate.store.sticky import KeyKind, find_sticky, known_answer, lift_sticky, stick
from agegate.store.subjects import change_subject, find_subject_held, subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of it: the view of a subject that we held, or None where the next signup is decided on the date."""

    correction: str
    view: SubjectView | None


@dataclass(frozen=True, slots=True)
class CorrectBirthDate:
    """The one way to an older date of birth."""

    judge: JudgeAgain
    settle: SettleStanding
    entropy: Entropy
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, service: Service, subject: str, form: CorrectionForm, person: str | None, now: datetime
    ) -> Corrected | AgeGateError:
        """Decides again; InputRefused where the evidence is too weak for an older date."""
        profile, held = self.judge.rules.profile(service.profile), find_subject_held(tx, service.name, subject)
        came = (
            self._lift(tx, service, subject, form, profile, now)
            if held is None
            else self._held(tx, held, form, profile, now)
        )
        if isinstance(came, AgeGateError):
            return came
        row = self._keep_evidence(tx, service, subject, form, person, now)
        about = About(service.name, held.id if held else None, row)
        actor = of_operator(person) if person else of_service(service.name)
        facts = {"kind": form.kind.value, "assurance": str(form.assurance)}
        self.audit(tx, Act.BIRTH_DATE_CORRECTED, about, now, actor=actor, facts=facts)
        return Corrected(row, came)

    def _held(
        self, tx: Transaction, held: Subject, form: CorrectionForm, profile: Profile, now: datetime
    ) -> SubjectView | InputRefused:
        known, strong = self.judge.open(held), form.assurance in LIFTING
        if form.birth_date < known.birth_date and not strong:
            return too_weak()
        judged = self.judge(profile, held, form.birth_date, () if strong else known.signals, now)
        standing, stuck = judged.standing, held.stuck and not strong
        if stuck:
            standing = strictest((standing, Standing.recorded(held)))
        facts: dict[str, object] = {
            "sealed_birth_date": self.judge.vault.seal(known.key, birth_date_cell(held.id), form.birth_date.iso),
            "decided_on": judged.today,
            "stuck": stuck,
            "grown": judged.grown and not stuck,
        }
        if strong:
            facts["sealed_signal"] = None
            lift_sticky(tx, held.service, self.settle.sticky.digests.subject(held.service, held.subject))
        self._settle(tx, held, standing, facts, now, now + profile.retention.contest if strong else None)
        after = subject_by_id(tx, held.id)
        if after is None:
            return view_standing(held.subject, standing)
        if after.state not in ADMITTED:
            self.settle.sticky.held(tx, after, now, standing)
        return view_of(after)

    def _settle(
        self,
        tx: Transaction,
        held: Subject,
        standing: Standing,
        facts: dict[str, object],
        now: datetime,
        ask: datetime | None,
    ) -> None:
        if held.state in ADMITTED:
            self.settle.admitted(tx, held, standing, facts, now, Cause.CORRECTED_DATE)
        elif held.state == SubjectState.CONSENT_REQUIRED:
            self.settle.waiting(tx, held, standing, facts, now, Cause.CORRECTED_DATE)
        elif ask is not None:
            self.settle.cleared(tx, held, standing, facts, now, ask)
            after = subject_by_id(tx, held.id)
            if after is not None and after.state != SubjectState.RESTRICTED:
                self.settle.cases.end_all(tx, held, now)
        else:
            self.settle.shut_further(tx, held, now, Cause.CORRECTED_DATE)
            change_subject(tx, held.id, {SubjectState.RESTRICTED}, facts)

    def _lift(
        self, tx: Transaction, service: Service, subject: str, form: CorrectionForm, profile: Profile, now: datetime
    ) -> AgeGateError | None:
        """Whom we do not hold was told no; which date that was for is not known, so any correction counts as older."""
        owner = self.settle.sticky.digests.subject(service.name, subject)
        if not find_sticky(tx, service.name, [owner], now):
            return SubjectUnknown()
        if form.assurance not in LIFTING:
            return too_weak()
        lift_sticky(tx, service.name, owner)
        row = new_id(self.entropy, now)
        key = self.judge.vault.new_key(row)
        stick(
            tx,
            {
                "id": row,
                "service": service.name,
                "kind": KeyKind.CORRECTED,
                "digest": owner,
                "owner": owner,
                "decision": KeyKind.CORRECTED,
                "assurance": None,
                "assent_needed": False,
                "reasons": [],
                "profile": profile.label,
                "wrapped_key": key.wrapped,
                "sealed_birth_date": self.judge.vault.seal(key, corrected_cell(row), form.birth_date.iso),
                "expires_at": now + profile.retention.sticky,
            },
            known_answer(tx, service.name, owner, owner),
        )
        return None

    def _keep_evidence(
        self, tx: Transaction, service: Service, subject: str, form: CorrectionForm, person: str | None, now: datetime
    ) -> str:
        digests, row = self.settle.sticky.digests, new_id(self.entropy, now)
        add_correction(
            tx,
            {
                "id": row,
                "service": service.name,
                "subject_digest": digests.subject(service.name, subject),
                "kind": form.kind,
                "reference_digest": digests.reference("evidence", service.name, form.reference),
                "assurance": form.assurance,
                "obtained_at": form.obtained_at,
                "person": person,
                "corrected_at": now,
            },
        )
        return row


def too_weak() -> InputRefused:
    """The refusal of evidence that is no stronger than what a person types at signup."""
    detail = "An older date of birth needs evidence whose assurance is substantial or high."
    return InputRefused(Fault("/evidence/assurance", "too_weak", detail))
