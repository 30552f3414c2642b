"""The hash chain of the audit log: each entry's hash covers the entry and every one before it.

Owns the one way to spell an entry and what a checkpoint must say. Where entries are kept, and who signs, is others'
business; the check of a whole log is `audit_check.py`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

import orjson

from agegate.signing.strict_jws import JsonValue

GENESIS = "0" * 64
"""What comes before the first entry, and before the first checkpoint."""

MEMBERS = ("seq", "id", "at", "action", "actor", "service", "ref", "facts", "commitment")
Body = Mapping[str, JsonValue]


def spelled(body: Body) -> bytes:
    """An entry as its hash sees it: members sorted, no spaces, UTF-8 (as RFC 8785 does for texts and whole numbers)."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def linked(previous: str, body: Body) -> str:
    """The hash of an entry on top of the one before it."""
    return sha256(previous.encode() + b"\n" + spelled(body)).hexdigest()


def fingerprint(jws: str) -> str:
    """What the next checkpoint says of this one."""
    return sha256(jws.encode()).hexdigest()


def instant(at: datetime) -> str:
    """An instant to the microsecond, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
