"""Close the leg of a holder that no longer exists: two persons of the operator say so, one after the other.

Closed is not confirmed: the certificate says `unconfirmed` for it. What the holder itself says in time counts more.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator
from agegate.rules.errors import AgeGateError, LegAnswered, LegUnknown, PurgeUnknown, SecondApproverRequired
from agegate.rules.purge import ANSWERED_LEG, LegState, all_answered
from agegate.store import agenda
from agegate.store.purges import approve_closing, ask_closing, leg_by_id, legs_of, purge_held
from agegate.store.records import PurgeLeg
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CloseLeg:
    """The first person asks, the second decides."""

    entropy: Entropy
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, service: str | None, purge: str, holder: str, person: str, reason: str, now: datetime
    ) -> PurgeLeg | AgeGateError:
        """The leg as it stands afterwards. `service` is None for commands, which know every service."""
        found = purge_held(tx, purge)
        if found is None or service not in {None, found.service}:
            return PurgeUnknown()
        leg = next((leg for leg in legs_of(tx, purge) if leg.holder == holder), None)
        if leg is None:
            return LegUnknown()
        refused = self._decided(tx, leg, person, reason, now)
        return refused or leg_by_id(tx, leg.id) or leg

    def _decided(
        self, tx: Transaction, leg: PurgeLeg, person: str, reason: str, now: datetime
    ) -> LegAnswered | SecondApproverRequired | None:
        asked = {"closing_by": person, "closing_reason": reason, "closing_at": now}
        if ask_closing(tx, leg.id, asked):
            self._keep(tx, Act.LEG_CLOSING_ASKED, leg, person, reason, now)
            return None
        if approve_closing(tx, leg.id, {"state": LegState.UNREACHABLE, "closed_by": person, "closed_at": now}, person):
            self._keep(tx, Act.LEG_CLOSED, leg, person, reason, now)
            agenda.drop(tx, [leg.id])
            if all_answered(LegState(each.state) for each in legs_of(tx, leg.purge_id)):
                agenda.put(tx, new_id(self.entropy, now), Due.CERTIFICATE, leg.purge_id, now)
            return None
        stands = leg_by_id(tx, leg.id)
        if stands is not None and stands.state == LegState.UNREACHABLE:
            return None
        if stands is not None and stands.state in ANSWERED_LEG:
            return LegAnswered()
        return SecondApproverRequired()

    def _keep(self, tx: Transaction, act: Act, leg: PurgeLeg, person: str, reason: str, now: datetime) -> None:
        about = About(leg.service, None, leg.purge_id)
        self.audit(tx, act, about, now, actor=of_operator(person), facts={"holder": leg.holder, "reason": reason})
