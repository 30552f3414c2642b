"""Show the audit log as lines that anybody can check offline: the newest checkpoint, then everything in order.

Pages, so that a log of any length streams. The check itself is `signing/audit_check.py`.
"""

from dataclasses import dataclass

from agegate.signing.audit_chain import spelled
from agegate.store.audit_log import AuditEntry, Checkpoint, checkpoints_within, last_checkpoint, sealed_after
from agegate.store.transaction import Transaction

PAGE = 1000


@dataclass(frozen=True, slots=True)
class ExportAudit:
    """The log up to its newest checkpoint at the beginning; what is sealed meanwhile belongs to the next export."""

    head: Checkpoint

    @classmethod
    def begin(cls, tx: Transaction) -> "ExportAudit | None":
        """An export, or None while nothing is sealed."""
        head = last_checkpoint(tx)
        return cls(head) if head else None

    @property
    def opening(self) -> bytes:
        """The first line."""
        return spelled({"head": self.head.jws})

    def page(self, tx: Transaction, after: int) -> tuple[list[bytes], int]:
        """The next lines after that place, and how far they reach."""
        entries = [entry for entry in sealed_after(tx, after, PAGE) if (entry.seq or 0) <= self.head.seq]
        if not entries:
            return [], self.head.seq
        last = entries[-1].seq or 0
        signed = {each.seq: each for each in checkpoints_within(tx, after, last)}
        lines: list[bytes] = []
        for entry in entries:
            lines.append(_line(entry))
            if checkpoint := signed.get(entry.seq or 0):
                lines.append(spelled({"checkpoint": checkpoint.jws}))
        return lines, last


def _line(entry: AuditEntry) -> bytes:
    return spelled({"entry": entry.body(entry.seq or 0), "hash": entry.hash})
