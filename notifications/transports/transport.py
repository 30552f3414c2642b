"""What every transport promises, and the two ways in which it can fail.

Owns the words of the seam between the worker and a mail server. When to try again, and how often, is the
worker's business.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from notifications.message import Message

TIME_LIMIT = 30.0
"""Seconds for one send, from the first packet to the last. A lease on the work must be longer."""


class Transport(Protocol):
    """Hands one message over. When `send` returns, the next server has taken responsibility for it."""

    async def send(self, message: Message) -> None:
        """Send it, or raise `MailRefusedForNow` or `MailRefusedForGood`."""

    async def forget(self, names: Collection[str]) -> None:
        """Delete what is still kept of messages whose Message-ID begins with one of those names and a dot."""

    async def aclose(self) -> None:
        """Let go of what the transport holds open."""


class MailRefused(Exception):
    """The mail was not taken. Carries a code such as `smtp-450`, never an address or the server's text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefusedForNow(MailRefused):
    """Nobody took the mail this time, or nobody said that they did: send the same message again later.

    `wish` is the patience that the other side asked for.
    """

    def __init__(self, code: str, wish: timedelta | None = None) -> None:
        super().__init__(code)
        self.wish = wish


class MailRefusedForGood(MailRefused):
    """The mail cannot reach this recipient. Trying again would not help."""
