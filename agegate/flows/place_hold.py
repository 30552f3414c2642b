"""Place a legal hold: one person asks for it, another approves; from then on the data is neither used nor purged.

An unapproved one changes nothing. It ends by itself at its end date, approved or not (`end_hold.py`).
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.forms import HoldForm
from agegate.flows.write_audit import About
from agegate.rules.audit import Act, of_operator
from agegate.rules.consent import SubjectState
from agegate.rules.errors import AgeGateError, HoldExists, HoldUnknown, SecondApproverRequired, SubjectUnknown
from agegate.rules.hold import HoldState
from agegate.store import agenda
from agegate.store.digests import Digests
from agegate.store.holds import Hold, add_hold, approve_hold, find_hold, live_hold, mark_held
from agegate.store.subjects import find_subject_held, subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RequestHold:
    """The first person's word."""

    digests: Digests
    entropy: Entropy
    announce: Announce

    def __call__(
        self, tx: Transaction, service: str, subject: str, form: HoldForm, person: str, now: datetime
    ) -> Hold | AgeGateError:
        """The hold, which waits for another person. Asked again by the same person it is the same one."""
        held = find_subject_held(tx, service, subject)
        if held is None:
            return SubjectUnknown()
        known = live_hold(tx, held.id)
        if known is not None:
            same = (known.requested_by, known.reason, known.ends_at) == (person, form.reason, form.ends_at)
            return known if same else HoldExists()
        hold = Hold(
            id=new_id(self.entropy, now),
            service=service,
            subject_id=held.id,
            subject_digest=self.digests.subject(service, subject),
            state=HoldState.REQUESTED,
            reason=form.reason,
            reference=form.reference,
            owner=form.owner,
            requested_by=person,
            requested_at=now,
            approved_by=None,
            approved_at=None,
            ends_at=form.ends_at,
            ended_at=None,
            ended_by=None,
        )
        add_hold(tx, {name: getattr(hold, name) for name in Hold.__dataclass_fields__})
        agenda.put(tx, new_id(self.entropy, now), Due.HOLD_END, hold.id, hold.ends_at)
        facts = {"reason": form.reason, "reference": form.reference, "owner": form.owner}
        about = About(service, held.id, hold.id)
        self.announce.audit(tx, Act.HOLD_REQUESTED, about, now, actor=of_operator(person), facts=facts)
        return hold


@dataclass(frozen=True, slots=True)
class ApproveHold:
    """The second person's word: the subject is restricted in the same transaction."""

    announce: Announce

    def __call__(self, tx: Transaction, service: str, hold: str, person: str, now: datetime) -> Hold | AgeGateError:
        """The hold as it is then; approving twice is the same as once."""
        found = find_hold(tx, hold)
        if found is None or found.service != service or found.state == HoldState.ENDED or found.subject_id is None:
            return HoldUnknown()
        subject = subject_by_id(tx, found.subject_id)
        if subject is None:
            return HoldUnknown()
        if not approve_hold(tx, hold, person, now):
            return found if found.state == HoldState.ACTIVE else SecondApproverRequired()
        if mark_held(tx, subject.id) and subject.state != SubjectState.RESTRICTED:
            self.announce(tx, service, EventType.SUBJECT_RESTRICTED, now, subject_id=subject.id)
        self.announce.audit(tx, Act.HOLD_APPROVED, About(service, subject.id, hold), now, actor=of_operator(person))
        return find_hold(tx, hold) or found
