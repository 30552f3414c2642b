"""Under which names this server is called.

Owns the one judgement about the Host header. Links are built from the configured issuer, never from what a
request says, so a wrong host could not poison a mail; it is refused all the same.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

HOST: Final = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253}))(?::[0-9]{1,5})?", re.ASCII)
DEFAULT_PORTS: Final = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The issuer's own name and port, and names that are taken with any port (loopback)."""

    issuer: str
    own: frozenset[str]
    with_any_port: frozenset[str] = frozenset()

    @classmethod
    def of(cls, issuer: str, loopback_names: Collection[str] = ()) -> "AllowedHosts":
        address = urlsplit(issuer)
        name = address.hostname or ""
        stated, default = f"[{name}]" if ":" in name else name, DEFAULT_PORTS.get(address.scheme, "")
        port = str(address.port or default)
        own = {f"{stated}:{port}", stated} if port == default else {f"{stated}:{port}"}
        return cls(issuer, frozenset(own), frozenset(name.lower().strip("[]") for name in loopback_names))

    def admit(self, host: str) -> bool:
        """Whether a Host header names this server."""
        stated = host.lower()
        if stated in self.own:
            return True
        other = HOST.fullmatch(stated)
        return other is not None and (other[1] or other[2]) in self.with_any_port
