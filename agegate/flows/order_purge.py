"""Order a purge: shut the subject, freeze a leg for every holder, delete our own data, in one transaction.

The purge keeps the service's subject id under a key of its own, for the legs and the last event, and for a guardian
who brought it about a last letter; certificate and tombstone know only digests. Delivery is the worker's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.freeze_legs import FreezeLegs
from agegate.flows.last_letter import seal_last_letter
from agegate.flows.stick_answer import StickAnswer
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act
from agegate.rules.purge import DUE_WITHIN, LETTER_KEPT, LETTER_WAITS, NAMED_FOR_AT_MOST, PurgeReason, PurgeState
from agegate.store import agenda
from agegate.store.consents import delete_requests, requests_of
from agegate.store.digests import Digests
from agegate.store.events import hand_to_purge
from agegate.store.ledger import Tombstone
from agegate.store.purges import add_purge, latest_purge, latest_purge_awaited, renew_purge
from agegate.store.records import ConsentRequest, Subject
from agegate.store.reports import unname_reports
from agegate.store.salts import keep_salt
from agegate.store.sticky import forget_corrected
from agegate.store.subjects import delete_subject, find_subject_held
from agegate.store.tombstones import add_tombstone
from agegate.store.transaction import Transaction
from agegate.store.unheld import await_names
from agegate.store.vault import Cell, Vault

ENDS_A_CONSENT = frozenset({PurgeReason.CONSENT_DECLINED, PurgeReason.CONSENT_EXPIRED, PurgeReason.CONSENT_WITHDRAWN})
"""With these a child was told no once more, and may not come back at once as somebody older."""


@dataclass(frozen=True, slots=True)
class OrderPurge:
    """The one way anything is purged."""

    vault: Vault
    digests: Digests
    entropy: Entropy
    sticky: StickAnswer
    audit: WriteAudit
    mail_stays: bool = False
    """Whether mails are files of ours: those about a purged subject then have to go too."""

    def __call__(
        self,
        tx: Transaction,
        service: str,
        subject: str,
        reason: PurgeReason,
        now: datetime,
        *,
        again: Tombstone | str | None = None,
        tell: ConsentRequest | None = None,
    ) -> str:
        """The id of the purge: the open one if there is one, and nothing new to delete, else a new one.

        A subject that we do not hold can be purged too: its holders may hold what we never did. `again` is a purge that
        keeps its id: one which waited for a legal hold, or the tombstone of one that this restored database never heard
        of. `tell` is the request of a guardian who brought it about and gets a last letter.
        """
        held, digest = _whom(tx, service, subject), self.digests.subject(service, subject)
        if held is not None and held.held_state is not None:
            return self._wait(tx, held, reason, now)
        forget_claims(tx, service, digest, now)
        known = latest_purge_awaited(tx, service, digest) if held is None else None
        if known is not None and known.state == PurgeState.OPEN:
            return known.id
        buried = again if isinstance(again, Tombstone) else None
        purge = buried.purge if buried else str(again or new_id(self.entropy, now))
        deleted = self._delete_ours(tx, held, purge, reason, now) if held else {}
        about = About(service, held.id if held else new_id(self.entropy, now), purge)
        commitment = self._keep_evidence(tx, about, subject, {"reason": reason, "deleted": deleted}, now)
        facts = {"subject_digest": digest, "reason": reason, "deleted": deleted, "commitment": commitment}
        told = (held, tell, reason, now) if held and tell else None
        self._add(tx, purge, service, subject, facts | {"state": PurgeState.OPEN}, now, told)
        add_tombstone(tx, buried or Tombstone(purge, service, self.digests.tombstone(service, subject), reason, now))
        self._see_through(tx, service, purge, now)
        return purge

    def _wait(self, tx: Transaction, held: Subject, reason: PurgeReason, now: datetime) -> str:
        """A legal hold forbids it: nothing is deleted and nobody told, but the order stands and shows that it waits."""
        digest = self.digests.subject(held.service, held.subject)
        known = latest_purge(tx, held.service, digest)
        if known is not None and known.state == PurgeState.HELD:
            return known.id
        purge = new_id(self.entropy, now)
        facts = {"subject_digest": digest, "reason": reason, "deleted": {}, "state": PurgeState.HELD}
        commitment = self.digests.evidence(held.id, held.service, held.subject)
        self._add(tx, purge, held.service, held.subject, facts | {"commitment": commitment}, now)
        self.audit(tx, Act.PURGE_WAITS, About(held.service, held.id, purge), now, facts={"reason": reason})
        return purge

    def _add(
        self,
        tx: Transaction,
        purge: str,
        service: str,
        subject: str,
        facts: Mapping[str, object],
        now: datetime,
        told: tuple[Subject, ConsentRequest, PurgeReason, datetime] | None = None,
    ) -> None:
        key = self.vault.new_key(purge)
        letter = seal_last_letter(self.vault, key, purge, told) if told else None
        if letter is not None:
            agenda.put(tx, new_id(self.entropy, now), Due.LAST_MAIL, purge, now + LETTER_WAITS)
            self._forget_mails(tx, [purge], now, now + LETTER_KEPT)
        named = {"wrapped_key": key.wrapped, "sealed_subject": self.vault.seal(key, subject_cell(purge), subject)}
        times = {"ordered_at": now, "due_at": now + DUE_WITHIN, "completed_at": None, "certificate": None}
        row = {**facts, **named, **times, "sealed_letter": letter, "id": purge, "service": service}
        if not renew_purge(tx, row):
            add_purge(tx, row)

    def _delete_ours(
        self, tx: Transaction, held: Subject, purge: str, reason: PurgeReason, now: datetime
    ) -> dict[str, int]:
        if reason in ENDS_A_CONSENT:
            self.sticky.held(tx, held, now)
        rows = [request.id for request in requests_of(tx, held.id)]
        agenda.drop(tx, [held.id, *rows])
        self._forget_mails(tx, rows, now, now)
        deleted = {
            "consent_requests": delete_requests(tx, rows),
            "events_unnamed": hand_to_purge(tx, held.id, purge),
            "subjects": int(delete_subject(tx, held.id)),
        }
        return {category: count for category, count in deleted.items() if count}

    def _forget_mails(self, tx: Transaction, about: list[str], now: datetime, at: datetime) -> None:
        for row in about if self.mail_stays else ():
            agenda.put(tx, new_id(self.entropy, now), Due.MAIL_FILES, row, at)

    def _see_through(self, tx: Transaction, service: str, purge: str, now: datetime) -> None:
        agenda.put(tx, new_id(self.entropy, now), Due.TOMBSTONE, purge, now)
        agenda.put(tx, new_id(self.entropy, now), Due.FORGET_SUBJECT, purge, now + NAMED_FOR_AT_MOST)
        FreezeLegs(self.entropy)(tx, service, purge, now)

    def _keep_evidence(
        self, tx: Transaction, about: About, subject: str, facts: Mapping[str, object], now: datetime
    ) -> str:
        """The commitment of the purge. The life's row goes; its salt shows whose the evidence is until that ends."""
        service, salt = str(about.service), self.digests.salt(str(about.life))
        self.audit(tx, Act.PURGE_ORDERED, about, now, facts=facts)
        ended: dict[str, object] = {"subject_digest": self.digests.subject(service, subject), "ended_at": now}
        keep_salt(tx, self.vault, new_id(self.entropy, now), ended | {"service": service}, salt)
        return self.digests.principal(salt, service, subject)


def _whom(tx: Transaction, service: str, subject: str) -> Subject | None:
    """The subject, held; an old account that is being enrolled this moment must not outlive the purge."""
    if held := find_subject_held(tx, service, subject):
        return held
    await_names(tx, service)
    return find_subject_held(tx, service, subject)


def subject_cell(purge: str) -> Cell:
    """Where a purge keeps the subject id."""
    return Cell("purges", "sealed_subject", purge)


def forget_claims(tx: Transaction, service: str, digest: str, now: datetime) -> None:
    """What others said of the subject and its age goes too: a correction that waits, and every report."""
    forget_corrected(tx, service, digest)
    agenda.drop(tx, unname_reports(tx, service, digest, now))
