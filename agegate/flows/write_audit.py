"""Write an entry of the audit log, in the transaction of the act that it keeps.

An entry holds no personal data: ids, states, counts, versions, and a commitment that only the subject's own salt ties
to the subject. Its place in the chain comes later (`seal_audit.py`), so that writers do not wait for each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.rules.audit import AGEGATE
from agegate.store.audit_log import add_entry
from agegate.store.digests import Digests
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class About:
    """What an act was about. `life` is the subject's row, which is not written down; `ref` is, and says nothing."""

    service: str | None = None
    life: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class WriteAudit:
    """One appended row; it reads nothing."""

    digests: Digests
    entropy: Entropy

    def __call__(
        self,
        tx: Transaction,
        act: str,
        about: About,
        now: datetime,
        *,
        actor: str = AGEGATE,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        """Keeps the act. Facts are whole numbers, texts of ours, and lists of them."""
        row = new_id(self.entropy, now)
        life = about.life
        add_entry(
            tx,
            {
                "id": row,
                "at": now,
                "action": act,
                "actor": actor,
                "service": about.service,
                "ref": about.ref,
                "facts": dict(facts or {}),
                "commitment": None if life is None else self.digests.commitment(self.digests.salt(life), row),
            },
        )
