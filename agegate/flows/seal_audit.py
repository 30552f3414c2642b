"""Seal the audit log: give waiting entries their places, chain their hashes, and sign how far it has grown.

One sealer at a time decides the order, so places have no gap and an entry that was committed late is sealed once, a
little later. Where signed checkpoints are kept beside the database is `store/anchor.py`.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.signing.audit_chain import GENESIS, fingerprint, linked
from agegate.signing.strict_jws import JsonValue
from agegate.signing.verify import Kind
from agegate.store.audit_log import (
    AuditEntry,
    Checkpoint,
    add_checkpoint,
    last_checkpoint,
    may_seal,
    seal_entries,
    waiting_entries,
)
from agegate.store.key_book import KeyBook
from agegate.store.transaction import Transaction, Values

AT_ONCE = 200
"""Entries of one transaction; other writers wait that long."""


@dataclass(frozen=True, slots=True)
class SealAudit:
    """One batch; call it until it says that fewer than `AT_ONCE` were waiting."""

    keys: KeyBook
    entropy: Entropy

    def __call__(self, tx: Transaction, now: datetime) -> int:
        """How many entries got their place."""
        if not may_seal(tx):
            return 0
        waiting = waiting_entries(tx, AT_ONCE)
        if not waiting:
            return 0
        last = last_checkpoint(tx) or Checkpoint(0, 0, GENESIS, "")
        places, head = _places(waiting, last)
        seal_entries(tx, places)
        number, seq = last.number + 1, last.seq + len(waiting)
        claims: dict[str, JsonValue] = {
            "iat": int(now.timestamp()),
            "jti": new_id(self.entropy, now),
            "number": number,
            "seq": seq,
            "head": head,
            "previous": fingerprint(last.jws) if last.jws else GENESIS,
        }
        signed = self.keys.signer_in(tx, now).sign(Kind.AUDIT_CHECKPOINT, claims)
        add_checkpoint(tx, {"number": number, "seq": seq, "head": head, "jws": signed, "made_at": now})
        return len(waiting)


def _places(waiting: list[AuditEntry], last: Checkpoint) -> tuple[list[Values], str]:
    head, places = last.head, list[Values]()
    for seq, entry in enumerate(waiting, last.seq + 1):
        head = linked(head, entry.body(seq))
        places.append({"entry": entry.id, "place": seq, "linked": head})
    return places, head
