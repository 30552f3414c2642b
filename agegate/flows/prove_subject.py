"""Show which evidence is a subject's: its entries of the audit log, its receipts, its purges and their certificates.

Works while the subject's salt exists: as long as the subject is held, and after its purge until its evidence ends.
From then on nobody can tell, and nothing here can either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agegate.store.audit_log import AuditEntry
from agegate.store.consents import receipts_of
from agegate.store.digests import Digests
from agegate.store.purges import purges_committed
from agegate.store.salts import salts_of
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Life:
    """One time that a service held the subject; `ended_at` is None while it does."""

    salt: str = field(repr=False)
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A signed document about the subject."""

    kind: str
    id: str
    at: datetime
    state: str
    jws: str | None = field(repr=False)


@dataclass(slots=True)
class Proof:
    """What is the subject's own; entries are found page by page."""

    service: str
    digests: Digests
    lives: Sequence[Life]
    documents: Sequence[Held]
    refs: set[str] = field(default_factory=set)

    def own(self, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
        """Those of a page that are the subject's, and what followed from them (the legs of its purge)."""
        found = [entry for entry in entries if entry.service == self.service and self._is_own(entry)]
        self.refs |= {entry.ref for entry in found if entry.ref is not None}
        return found

    def _is_own(self, entry: AuditEntry) -> bool:
        if entry.commitment is None:
            return entry.ref in self.refs
        return any(self.digests.commitment(life.salt, entry.id) == entry.commitment for life in self.lives)


@dataclass(frozen=True, slots=True)
class ProveSubject:
    """The beginning of a proof; reading the log is the caller's."""

    vault: Vault
    digests: Digests

    def __call__(self, tx: Transaction, service: str, subject: str) -> Proof:
        """The subject's lives and documents; both are empty where nothing can be told of it."""
        held = find_subject(tx, service, subject)
        lives = [Life(self.digests.salt(held.id), None)] if held else []
        kept = salts_of(tx, service, self.digests.subject(service, subject))
        lives += [Life(each.opened(self.vault), each.ended_at) for each in kept]
        named = [self.digests.principal(life.salt, service, subject) for life in lives]
        receipts = [Held(row.kind, row.id, row.issued_at, "issued", row.jws) for row in receipts_of(tx, named)]
        purges = [
            Held("purge", purge.id, purge.ordered_at, purge.state, purge.certificate)
            for purge in purges_committed(tx, named)
        ]
        refs = {purge.id for purge in purges}
        return Proof(service, self.digests, lives, [*receipts, *purges], refs)
