"""The smallest signup that is taken, and what is wrong with another."""

from datetime import UTC, datetime

from agegate.rules.errors import InputRefused
from agegate.web.forms import parse_signup
from agegate.web.json_text import JsonObject

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LEAST: JsonObject = {"date_of_birth": "2010-03-01", "country": "DE"}
ASSENT: JsonObject = {"policy_version": "2024-12-05", "locale": "en", "notice_sha256": "0f" * 32}


def found(body: JsonObject, now: datetime = NOW) -> list[tuple[str, str]]:
    """What is wrong with a body."""
    try:
        parse_signup(body, now)
    except InputRefused as refused:
        return [(fault.pointer, fault.code) for fault in refused.faults]
    return []
