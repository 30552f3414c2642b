"""What the last letter to a guardian needs. It outlives its purge for three days at most, under the purge's own key.

Kept only for a guardian who asked for what happens: who said no, or took a consent back. Sent by the worker.
"""

from dataclasses import dataclass, field
from datetime import datetime

import orjson

from agegate.rules.purge import PurgeReason
from agegate.store.records import ConsentRequest, Subject
from agegate.store.vault import Cell, DataKey, SealBroken, Vault


@dataclass(frozen=True, slots=True)
class LastLetter:
    """To whom, in which language, and about what."""

    to: str = field(repr=False)
    locale: str
    policy_version: str
    withdrawn_at: datetime | None

    @classmethod
    def read(cls, text: str) -> "LastLetter":
        """As it was kept."""
        kept = orjson.loads(text)
        at = kept["withdrawn_at"]
        return cls(kept["to"], kept["locale"], kept["policy_version"], datetime.fromisoformat(at) if at else None)

    def kept(self) -> str:
        """As it is kept."""
        said = {name: getattr(self, name) for name in ("to", "locale", "policy_version", "withdrawn_at")}
        return orjson.dumps(said).decode()


def letter_cell(purge: str) -> Cell:
    """Where a purge keeps its last letter."""
    return Cell("purges", "sealed_letter", purge)


def seal_last_letter(
    vault: Vault, key: DataKey, purge: str, told: tuple[Subject, ConsentRequest, PurgeReason, datetime]
) -> str | None:
    """The letter under the purge's key; None when the address cannot be opened any more."""
    held, asked, reason, now = told
    cell = Cell("consent_requests", "sealed_guardian", asked.id)
    try:
        address = vault.open(vault.open_key(held.id, held.wrapped_key), cell, asked.sealed_guardian)
    except SealBroken:
        return None
    taken_back = (asked.ended_at or now) if reason is PurgeReason.CONSENT_WITHDRAWN else None
    return vault.seal(
        key, letter_cell(purge), LastLetter(address, asked.locale, asked.policy_version, taken_back).kept()
    )
