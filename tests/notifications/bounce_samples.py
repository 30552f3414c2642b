"""Bounces in the shapes in which mail servers write them, with the name of a mail of ours put in.

The files in `bounces` have `@NAME@` where that name stands, and `@TO@` where the address of the bounce stands.
"""

from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent / "bounces"
NAME = "q01kb1m2zv5hq3w6t8r9xyabcdeaaaabbbbccccddddeeee"
SENDER = "agegate@agegate.example"
LOST = (
    "postfix",
    "exim",
    "exim-old",
    "sendmail",
    "office365",
    "gmail",
    "qmail",
    "both-of-two",
    "encoded",
    "truncated",
    "huge",
    "crlf",
    "from-line",
)
PASSES = ("postfix-delayed", "postfix-given-up", "qmail-later")
SAYS_NOTHING = (
    "delivered",
    "one-of-two",
    "vacation",
    "complaint",
    "read-receipt",
    "forwarded-bounce",
    "nested",
    "plain",
)


def bounce(shape: str, name: str = NAME, to: str = SENDER) -> bytes:
    """The bounce of that shape for the mail of that name."""
    if shape in MADE:
        return MADE[shape](name)
    text = (FOLDER / f"{shape}.eml").read_text("utf-8")
    return text.replace("@NAME@", name).replace("@TO@", to).encode()


def encoded(name: str) -> bytes:
    """Report and copy in base64, which RFC 3464 forbids and some gateways do."""
    report = "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    copy = f"From: {SENDER}\r\nMessage-ID: <{name}.01kb1m2zv5hq3w6t8r9xyabcde@agegate.example>\r\n\r\nHello.\r\n"
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type="delivery-status"; boundary=b\r\n\r\n'
    parts = ((b"message/delivery-status", report), (b"message/rfc822", copy))
    return head.encode() + b"".join(
        b"--b\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(text.encode())
        for kind, text in parts
    )


def truncated(name: str) -> bytes:
    """Cut off in the copy of the mail, right after its Message-ID: the last boundary never comes."""
    whole = bounce("postfix", name)
    return whole[: whole.index(b"Auto-Submitted: auto-generated")]


def huge(name: str) -> bytes:
    """Ten megabytes, of which the copy of the mail is most."""
    return bounce("postfix", name).replace(b"Hello.", b"Hello. " * 1_500_000)


def nested(name: str) -> bytes:
    """A part in a part, five thousand times."""
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (at, at) for at in range(5_000))
    return deep + bounce("postfix", name)


MADE: dict[str, Callable[[str], bytes]] = {
    "encoded": encoded,
    "truncated": truncated,
    "huge": huge,
    "nested": nested,
    "crlf": lambda name: bounce("postfix", name).replace(b"\n", b"\r\n"),
    "from-line": lambda name: b"From MAILER-DAEMON Sun Nov 22 09:01:12 2026\n" + bounce("exim", name),
    "qmail-later": lambda name: bounce("qmail", name).replace(b"(#5.1.1)", b"(#4.4.1)"),
    "plain": lambda name: f"From: a@b.example\n\nMessage-ID: <{name}.1@agegate.example> 550 5.1.1\n".encode(),
}
