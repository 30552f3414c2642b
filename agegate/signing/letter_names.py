"""The names under which letters to guardians travel: in the Message-ID, the return path and a provider's metadata.

A bounce brings such a name back, and anybody can write a bounce. Therefore the name carries a MAC over its request and
its letter: only who has seen the mail can say anything about it, and nothing has to be stored.
"""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


class LetterKind(StrEnum):
    """Which letter a name belongs to, in one character: mail servers shorten what is long."""

    QUESTION = "q"
    REMINDER = "r"
    CONFIRMATION = "c"
    NOTICE = "n"
    """Tells something and asks nothing."""


MAC_CHARACTERS = 20
"""100 bits: a return path may have 64 characters in all (RFC 5321 section 4.5.3.1.1)."""

FORM = re.compile(r"(?P<kind>[qrcn])(?P<request>[0-9a-z]{26})(?P<mac>[a-z2-7]{20})", re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedLetter:
    """What a name of ours says."""

    kind: LetterKind
    request: str


@dataclass(frozen=True, slots=True)
class LetterNames:
    """Makes and reads names under one key. Lower case only, since some servers change the case of what they return."""

    key: bytes = field(repr=False)

    def name(self, kind: LetterKind, request: str) -> str:
        """The same on every call, so that a retry is known to be one."""
        return f"{kind}{request}{self._mac(kind, request)}"

    def read(self, name: str) -> NamedLetter | None:
        """What the name says; None when it is none of ours."""
        found = FORM.fullmatch(name)
        if found is None:
            return None
        kind, request = LetterKind(found["kind"]), found["request"]
        return NamedLetter(kind, request) if hmac.compare_digest(found["mac"], self._mac(kind, request)) else None

    def _mac(self, kind: LetterKind, request: str) -> str:
        mac = hmac.digest(self.key, f"{kind}\x1f{request}".encode(), sha256)
        return b32encode(mac).decode().lower()[:MAC_CHARACTERS]
