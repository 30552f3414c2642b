"""Destroy a month's wrapping key, once nothing that lives and no backup that is kept needs it.

The key file is changed after the decision was written down; after a crash between the two, ask again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator
from agegate.rules.epochs import destroyable_at
from agegate.store.key_epochs import count_wrapped, find_epoch, note_epoch
from agegate.store.transaction import Transaction


class EpochRefusal(StrEnum):
    """Why a key was not destroyed, as a sentence for whoever asked."""

    UNKNOWN = "there is no key of that epoch. See: agegate keys epoch list"
    SEALING = "that epoch is the one that seals now."
    LIVING = "data that lives is still wrapped under it. Wrap it anew first: agegate keys epoch close"
    BACKUPS = (
        "a backup of the last 35 days may still need it. Wait, or let a second person decide it too: "
        "--operator ONE --force-by ANOTHER"
    )
    ONE_PERSON = "the second person must be another one."


@dataclass(frozen=True, slots=True)
class DestroyEpoch:
    """Judges and writes down; the caller then takes the key out of the file."""

    audit: WriteAudit

    def __call__(
        self, tx: Transaction, name: str, person: str, second: str | None, sealing: str, now: datetime
    ) -> EpochRefusal | None:
        """None when the key may go. Nobody can force the end of what still lives."""
        found = find_epoch(tx, name)
        if name >= sealing:
            return EpochRefusal.SEALING
        if found is None:
            return EpochRefusal.UNKNOWN
        if found.rewrapped_at is None or count_wrapped(tx, name):
            return EpochRefusal.LIVING
        if now < destroyable_at(found.rewrapped_at):
            if second is None:
                return EpochRefusal.BACKUPS
            if second == person:
                return EpochRefusal.ONE_PERSON
        note_epoch(tx, name, destroyed_at=now)
        facts = {"second": second}
        self.audit(tx, Act.KEY_EPOCH_DESTROYED, About(ref=name), now, actor=of_operator(person), facts=facts)
        return None
