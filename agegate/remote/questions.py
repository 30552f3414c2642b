"""What is asked of an address that others gave us, what comes back, and where one question may lead.

Words only, so that a process that has asked nobody yet need not load what asks.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from agegate.remote.addresses import IpAddress


class RemoteUnreachable(Exception):
    """No answer came: `timeout`, `name_unknown`, `connection_failed`, `tls_failed`, `protocol_error`, `too_large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an address; `keep` is how much of the answer's body is wanted, and the most it may hold."""

    method: str
    url: str
    host: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    keep: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its status, how long it asked us to wait, and the body if it was asked for."""

    status: int
    retry_after: timedelta | None
    body: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Pin:
    """The addresses that one question may be connected to, at least one; and whether a connection was opened for it."""

    addresses: Sequence[IpAddress]
    opened: bool = False


pinned: ContextVar[Pin] = ContextVar("pinned")
"""What the question of this task is pinned to."""
