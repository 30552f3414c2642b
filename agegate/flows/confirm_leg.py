"""Take a holder's word on its own leg: in progress, completed with counts, or refused with a legal basis.

The first final answer stands; repeating it is welcome, another one is refused. When the last leg is answered, the
certificate is due.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.forms import LegForm
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_holder
from agegate.rules.errors import AgeGateError, Fault, InputRefused, LegAnswered, LegUnknown, PurgeUnknown
from agegate.rules.purge import ANSWERED_LEG, CLOCK_TOLERANCE, LegState, all_answered
from agegate.store import agenda
from agegate.store.purges import answer_leg, leg_by_id, legs_of, purge_held
from agegate.store.records import PurgeLeg
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConfirmLeg:
    """The one way a leg gets answered."""

    entropy: Entropy
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, service: str, purge: str, holder: str, form: LegForm, now: datetime
    ) -> PurgeLeg | AgeGateError:
        """The leg as it stands afterwards."""
        if form.completed_at is not None and form.completed_at > now + CLOCK_TOLERANCE:
            return InputRefused(Fault("/completed_at", "in_future", "The completion time lies in the future."))
        found = purge_held(tx, purge)
        if found is None or found.service != service:
            return PurgeUnknown()
        leg = next((leg for leg in legs_of(tx, purge) if leg.holder == holder), None)
        if leg is None:
            return LegUnknown()
        answered = answer_leg(tx, leg.id, self._values(form, now))
        if not answered and not repeats(leg_by_id(tx, leg.id) or leg, form):
            return LegAnswered()
        if answered and form.status in ANSWERED_LEG:
            agenda.drop_one(tx, Due.LEG_OVERDUE, leg.id)
        if answered:
            facts = {"status": form.status.value, "counted": sum(form.counts.values())}
            self.audit(tx, Act.LEG_ANSWERED, About(service, None, purge), now, actor=of_holder(holder), facts=facts)
        if answered and all_answered(LegState(each.state) for each in legs_of(tx, purge)):
            agenda.put(tx, new_id(self.entropy, now), Due.CERTIFICATE, purge, now)
        return leg_by_id(tx, leg.id) or leg

    @staticmethod
    def _values(form: LegForm, now: datetime) -> dict[str, object]:
        final = form.status in ANSWERED_LEG
        return {
            "state": form.status,
            "completed_at": (form.completed_at or now) if final else None,
            "counts": dict(form.counts),
            "exceptions": _exceptions(form),
            "last_error": None,
        }


def repeats(leg: PurgeLeg, form: LegForm) -> bool:
    """Whether the word says what stands already. A time that is left out is not another time."""
    same = (leg.state, leg.counts, leg.exceptions) == (form.status, dict(form.counts), _exceptions(form))
    return same and form.completed_at in {None, leg.completed_at}


def _exceptions(form: LegForm) -> list[dict[str, str | None]]:
    return [
        {
            "category": kept.category,
            "legal_basis": kept.legal_basis,
            "until": kept.until.isoformat() if kept.until else None,
        }
        for kept in form.exceptions
    ]
