"""Read what a mail server sends back: which of our mails it speaks of, and whether that mail is lost for good.

Owns where a bounce names the mail. What it says of the recipients is `delivery_status`' business; every other mail,
such as an absence note or a complaint (RFC 5965), says nothing. Anybody can write a bounce: whether a name in it is
ours is left to whoever made the names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from enum import StrEnum

from notifications.delivery_status import Fate, fate_of, fates_in, text_of

LARGEST, MOST_LINES, MOST_BOUNDARIES = 1 << 18, 8_000, 50
"""What is read of a bounce: its report stands at the beginning, then the header of our mail. The rest is for people."""

MOST_NAMES = 64
SAID_NAME = re.compile(r"^[ \t>]*message-id:\s{0,8}<([a-z0-9]{1,64})\.[^@<>\s]{1,200}@", re.IGNORECASE | re.MULTILINE)
MEANT_NAME = re.compile(r"<([a-z0-9]{1,64})\.[^@<>\s]{1,200}@", re.IGNORECASE)
PATH_NAME = re.compile(r"\+([a-z0-9]{1,64})@", re.IGNORECASE)
OUR_ADDRESS = ("delivered-to", "x-original-to", "envelope-to", "x-rcpt-to", "to")
ANSWERS_TO = ("in-reply-to", "references", "x-original-message-id", "original-envelope-id")


class NotAMessage(ValueError):
    """What came is no mail: it has no header. Give one mail as the mail server received it."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Nothing(StrEnum):
    """Why nothing follows from a mail."""

    NO_BOUNCE = "no-bounce"
    TEMPORARY = "temporary"
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Bounce:
    """The mail that is lost for good: every name under which it may have travelled."""

    names: tuple[str, ...]


def read_bounce(content: bytes, recipient: str | None = None) -> Bounce | Nothing:
    """What a mail to the bounce address says. `recipient` is the address to which the mail server delivers it.

    Raises NotAMessage.
    """
    begun = b"".join(content[:LARGEST].splitlines(keepends=True)[:MOST_LINES])
    if begun.lower().count(b"boundary=") > MOST_BOUNDARIES:
        return Nothing.NO_BOUNCE
    try:
        mail = BytesParser(policy=compat32).parsebytes(begun)
        if not mail.keys():
            raise NotAMessage
        fate = fate_of(fates_in(mail))
        names = tuple(dict.fromkeys(names_in(mail, recipient)))[:MOST_NAMES] if fate is Fate.LOST else ()
    except RecursionError:  # nested deeper than any mail server writes
        return Nothing.NO_BOUNCE
    if fate is Fate.LOST:
        return Bounce(names) if names else Nothing.NAMELESS
    return Nothing.TEMPORARY if fate is Fate.WAITS else Nothing.NO_BOUNCE


def names_in(mail: Part, recipient: str | None) -> Iterator[str]:
    """What stands in the address that it was sent to, and in the copy of the mail that came back."""
    addressed = [recipient or "", *(str(value) for name in OUR_ADDRESS for value in mail.get_all(name, []))]
    for address in addressed:
        yield from (each.lower() for each in PATH_NAME.findall(address))
    for part in mail.walk():
        if part is not mail:
            yield from (each.lower() for each in MEANT_NAME.findall(str(part.get("message-id", ""))))
        for header in ANSWERS_TO:
            yield from (each.lower() for each in MEANT_NAME.findall(str(part.get(header, ""))))
        yield from (each.lower() for each in SAID_NAME.findall(text_of(part)))
