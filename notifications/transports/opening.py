"""From the configured mail address to a transport.

Owns the three forms of the address and the sentence for a wrong one. Reads no environment and opens no
connection.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from notifications.addresses import parse_sender, require_bounce_address
from notifications.transports.folder import FolderTransport
from notifications.transports.transport import Transport

if TYPE_CHECKING:
    from notifications.transports.smtp import SmtpTransport, Tls

PORTS: "dict[Tls, int]" = {"starttls": 587, "tls": 465, "none": 25}

HOST = re.compile(r"[a-z0-9._:-]+")

FORMS = """Use one of:
  folder:PATH
  smtp://USER:PASSWORD@HOST:PORT?tls=starttls|tls|none   (USER:PASSWORD@, :PORT and ?tls= may be left out)
  https://TOKEN@api.postmarkapp.com/email"""


class BadMailUrl(ValueError):
    """The mail address cannot be used. Says why and shows the forms; repeats nothing of the secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The mail address {reason}. {FORMS}")


def open_transport(url: str, sender: str, bounces: str | None = None, *, allow_plain_http: bool = False) -> Transport:
    """The transport for this address. `bounces` is where failures are told by mail, if not to the sender.

    `allow_plain_http` opens http to this machine only, for tests.
    """
    parse_sender(sender)
    if bounces is not None:
        require_bounce_address(bounces)
    parts = split(url)
    if parts is None:
        raise BadMailUrl("cannot be read (host, port or a stray character)")
    match parts.scheme:
        case "folder":
            return open_folder(url, sender)
        case "smtp":
            return open_smtp(parts, sender, bounces)
        case "https":
            return open_http(parts, sender)
        case "http" if allow_plain_http and is_loopback(parts.hostname):
            return open_http(parts, sender)
    raise BadMailUrl("starts with none of folder:, smtp:// and https://")


def split(url: str) -> SplitResult | None:
    """The parts, or None: the stdlib's own errors repeat the address, so none of them may travel on."""
    if not url.isprintable() or (not url.lower().startswith("folder:") and " " in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def open_folder(url: str, sender: str) -> FolderTransport:
    path = url[len("folder:") :]
    if not path or path.startswith("//"):
        raise BadMailUrl("names no folder, or names it with //")
    return FolderTransport(Path(path), sender)


def open_smtp(parts: SplitResult, sender: str, bounces: str | None) -> "SmtpTransport":
    from notifications.transports.smtp import SmtpTransport  # late, as the other client below

    if parts.hostname is None or not is_host(parts.hostname):
        raise BadMailUrl("names no mail server")
    if parts.path not in {"", "/"} or parts.fragment:
        raise BadMailUrl("has a path or a #; in a password write / as %2F and # as %23")
    if (parts.username is None) != (parts.password is None):
        raise BadMailUrl("has a user without a password, or a password without a user")
    tls = tls_of(parts.query)
    if tls == "none" and parts.username is not None and not is_loopback(parts.hostname):
        raise BadMailUrl("would send a password without TLS")
    return SmtpTransport(
        host=parts.hostname,
        port=parts.port or PORTS[tls],
        sender=sender,
        tls=tls,
        user=None if parts.username is None else unquote(parts.username),
        password=unquote(parts.password or ""),
        bounces=bounces,
    )


def tls_of(query: str) -> "Tls":
    """STARTTLS unless something else was asked for; a misspelt wish must not open a lesser connection."""
    wishes: dict[str, Tls] = {"": "starttls", **{f"tls={tls}": tls for tls in PORTS}}
    if query not in wishes:
        raise BadMailUrl("has a query other than tls=starttls, tls=tls or tls=none")
    return wishes[query]


def open_http(parts: SplitResult, sender: str) -> Transport:
    # An HTTP client is megabytes that an installation with a mail server of its own does not need.
    from notifications.transports.http import PostmarkTransport, open_client

    if not is_host(parts.hostname or "") or parts.path in {"", "/"}:
        raise BadMailUrl("names no host, or no path")
    if not parts.username or parts.password is not None:
        raise BadMailUrl("needs the provider's token, alone, before the @")
    if parts.query or parts.fragment:
        raise BadMailUrl("has a query or a #, which the provider does not take")
    token = unquote(parts.username)
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise BadMailUrl("has a token with characters that no header can carry")
    return PostmarkTransport(
        endpoint=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}",
        token=token,
        sender=sender,
        client=open_client(),
    )


def is_host(name: str) -> bool:
    """A name or number that a resolver can be asked for: other alphabets and empty labels break it."""
    return bool(HOST.fullmatch(name)) and all(0 < len(label) < 64 for label in name.split("."))  # noqa: PLR2004 - RFC 1035


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
