"""Reads a token's header without any library."""

import json
from base64 import urlsafe_b64decode


def header_of(token: str) -> dict[str, str]:
    """The header, unverified."""
    segment = token.split(".", maxsplit=1)[0]
    header: dict[str, str] = json.loads(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    return header
