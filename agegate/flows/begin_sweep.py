"""Begin to apply a file of accounts to a service, go on where it stopped, and note its end.

A file is known by a keyed digest of its content and the service. Another file that stopped on the way, or this one
before it was changed, is noticed here; leaving it behind takes a person's word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act
from agegate.store.digests import Digests
from agegate.store.sweeps import Sweep, add_sweep, drop_sweep, note_sweep, sweep_by_id, unfinished_sweeps
from agegate.store.transaction import Transaction

PIPE = "pipe"
"""In the place of a digest: what comes through a pipe is read from its beginning every time."""


@dataclass(frozen=True, slots=True)
class OtherUnfinished:
    """A sweep of another content that stopped on the way."""

    position: int
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class BeginSweep:
    """One row a file and service."""

    digests: Digests
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, service: str, content: str, now: datetime, actor: str, *, anew: bool
    ) -> Sweep | OtherUnfinished:
        """The sweep of that content, new or as far as it came; `content` is a digest, or PIPE."""
        row = self.digests.reference("sweep", service, content)
        for other in unfinished_sweeps(tx, service):
            if other.id != row and not anew:
                return OtherUnfinished(other.position, other.begun_at)
            if other.id != row:
                drop_sweep(tx, other.id)
        known = sweep_by_id(tx, row)
        if known is None:
            fresh = {"position": 0, "counts": {}, "asked_until": None, "begun_at": now, "finished_at": None}
            add_sweep(tx, {"id": row, "service": service} | fresh)
            self.audit(tx, Act.SWEEP_BEGUN, About(service, ref=row), now, actor=actor)
        elif content == PIPE:
            note_sweep(tx, row, {"position": 0, "counts": {}, "finished_at": None})
        return sweep_by_id(tx, row) or Sweep(row, service, 0, {}, None, now, None)

    def finish(self, tx: Transaction, sweep: Sweep, counts: Mapping[str, int], now: datetime, actor: str) -> None:
        """The file was read to its end."""
        note_sweep(tx, sweep.id, {"finished_at": now})
        about = About(sweep.service, ref=sweep.id)
        self.audit(tx, Act.SWEEP_FINISHED, about, now, actor=actor, facts=dict(sorted(counts.items())))
