"""What the mail provider reports afterwards: Postmark's webhooks for bounces and spam complaints.

Owns their words. The mail is named by what we gave it as metadata; the recipient's address, which they repeat, is not
read.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

METADATA = "letter"
"""Under which key the transport gives a mail its name, and the provider gives it back."""

LOST_TYPES = frozenset({"HardBounce", "BadEmailAddress"})
"""Postmark's types of a bounce after which it sends nothing there any more. All others may pass, or are no failure."""


class Told(StrEnum):
    """What became of a mail."""

    LOST = "lost"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """A mail, by its name, and what became of it."""

    told: Told
    name: str


def read_report(body: bytes) -> ProviderReport | None:
    """The report in a webhook's body; None when it says nothing that matters here."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    metadata = sent.get("Metadata")
    name = metadata.get(METADATA) if isinstance(metadata, dict) else None
    told = told_by(sent.get("RecordType"), sent.get("Type"))
    return ProviderReport(told, name.lower()) if told is not None and isinstance(name, str) else None


def told_by(record: object, kind: object) -> Told | None:
    """A complaint comes as a record of its own, and in older webhooks as a type of bounce."""
    if "SpamComplaint" in (record, kind):
        return Told.COMPLAINT
    lost = record in ("Bounce", None) and isinstance(kind, str) and kind in LOST_TYPES
    return Told.LOST if lost else None
