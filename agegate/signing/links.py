"""The one-time addresses in a guardian's mail, and the names derived from them.

A link is an HMAC over its kind and its row, so that a mailer that died half-way sends the same link again although
no plain link is ever stored; the store keeps only the digest. One kind can never stand for another.
"""

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from agegate.base64url import base64url_text


class LinkKind(StrEnum):
    """What a link is for."""

    ANSWER = "answer"
    MANAGE = "manage"
    CONFIRM = "confirm"
    """The second step of e-mail plus."""

    STOP = "stop"
    """Not my child, never write to me again."""


@dataclass(frozen=True, slots=True)
class Links:
    """Derives links under one key; 256 bits each."""

    key: bytes = field(repr=False)

    def link(self, kind: LinkKind, row: str) -> str:
        """The secret part of the address, the same on every call."""
        mac = hmac.digest(self.key, f"{kind}\x1f{row}".encode(), sha256)
        return base64url_text(mac)

    def digest(self, link: str) -> str:
        """What is stored of a link, and looked up by: it gives no way back."""
        return sha256(link.encode("utf-8", "surrogatepass")).hexdigest()
