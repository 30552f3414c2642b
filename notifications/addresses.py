"""The addresses that a mail is made of: mailbox, sender, Message-ID, web address.

Owns their plain ASCII forms and refuses everything else without repeating it. Whether a mailbox exists, and
turning an international domain into ASCII, is left to whoever takes the address in.
"""

import re
from email.headerregistry import Address
from email.utils import parseaddr

from notifications.text import header_line

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
DOMAIN = rf"(?=.{{1,253}}\Z){LABEL}(?:\.{LABEL})*"
MAILBOX = re.compile(rf"(?=.{{1,64}}@){ATOM}(?:\.{ATOM})*@{DOMAIN}")
MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]{1,120}@[A-Za-z0-9.-]{1,120}>")
BOUNCE_NAME = re.compile(r"[a-z0-9]{1,47}")
LONGEST_BOUNCE_BOX = 64 - 48
ENCODED_WORD = "=?"
"""Legal in a mailbox and an address, but the stdlib would decode what follows it inside a header."""

WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][!#-;=?-\[\]_a-z~%]{0,1800}")


class BadMailAddress(ValueError):
    """The address is not one plain e-mail address in ASCII (an international domain is written as xn--…)."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


def require_mailbox(text: str) -> None:
    if ENCODED_WORD in text or not MAILBOX.fullmatch(text):
        raise BadMailAddress


def parse_sender(text: str) -> Address:
    """The sender from `consent@example.org` or `Example Consent <consent@example.org>`."""
    name, mailbox = parseaddr(text)
    if text != header_line(text) or not (text == mailbox or text.endswith(f"<{mailbox}>")):
        raise BadMailAddress
    require_mailbox(mailbox)
    return Address(display_name=name, addr_spec=mailbox)


def message_id_for(name: str, sender: str) -> str:
    """The Message-ID of a stable name (such as a row id) at the sender's domain: the same on every retry."""
    made = f"<{name}@{parse_sender(sender).domain}>"
    require_message_id(made)
    return made


def require_message_id(text: str) -> None:
    if not MESSAGE_ID.fullmatch(text):
        msg = "The Message-ID does not have the form <name@domain>."
        raise ValueError(msg)


def require_bounce_name(text: str) -> None:
    if not BOUNCE_NAME.fullmatch(text):
        msg = "A bounce can bring back 1 to 47 characters of a-z and 0-9 only."
        raise ValueError(msg)


def return_path(bounces: str, name: str | None) -> str:
    """The address to which a failure is told: the one for bounces, with the name of the mail after a plus."""
    if name is None:
        return bounces
    require_bounce_name(name)
    local, _, domain = bounces.rpartition("@")
    return f"{local}+{name}@{domain}"


def require_bounce_address(text: str) -> None:
    """Refuse an address that leaves no room for a name in the 64 characters before the @ (RFC 5321)."""
    require_mailbox(text)
    if len(text.rpartition("@")[0]) > LONGEST_BOUNCE_BOX:
        raise BadMailAddress


def require_web_address(text: str) -> None:
    """Refuse what could run as a script or break out of a header or an attribute."""
    if ENCODED_WORD in text or not WEB_ADDRESS.fullmatch(text):
        msg = "The link is not an http or https address in ASCII."
        raise ValueError(msg)
