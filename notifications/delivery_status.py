"""What a bounce says of each recipient: lost for good, still on its way, or arrived.

Owns RFC 3464's fields with RFC 3463's codes, and the sentences of the two kinds of servers that never wrote those.
A code of class 4 with `failed` (given up after days of trying) counts as temporary: a later mail may get through.
"""

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message as Part
from email.policy import compat32
from enum import Enum, auto


class Fate(Enum):
    """What became of a mail for one recipient."""

    LOST = auto()
    WAITS = auto()
    ARRIVED = auto()


STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
REPLY = re.compile(r"\b([45])\d\d\b")
ENCODED = frozenset({"base64", "quoted-printable"})
COPIES = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})

QMAIL = re.compile(r"\s{0,9}Hi\. This is the ")
QMAIL_COPY = re.compile(r"^--- (?:Below this line|Enclosed) ", re.MULTILINE)
EXIM_COPY = re.compile(r"^-{3,9} (?:This is a copy|The body of the message)", re.MULTILINE)
EXIM_LOST = re.compile(r"This is a permanent error|The following address\(es\) failed")


def fate_of(fates: list[Fate]) -> Fate | None:
    """Of several recipients: lost only where none of them has it, and none may get it yet."""
    for fate in (Fate.ARRIVED, Fate.WAITS, Fate.LOST):
        if fate in fates:
            return fate
    return None


def fates_in(mail: Part) -> list[Fate]:
    """What the report says of each recipient; nothing where there is no report."""
    if str(mail.get_param("report-type", "delivery-status")).lower() != "delivery-status":
        return []  # a complaint (RFC 5965), or a note that somebody read it (RFC 8098)
    outer = list(not_copied(mail))
    reports = [part for part in outer if part.get_content_type() in REPORTS]
    if reports:
        return [fate for report in reports for fields in blocks_of(report) if (fate := said_by(fields))]
    text = next((text_of(part) for part in outer if part.get_content_type() == "text/plain"), "")
    return [fate] if (fate := said_in_words(mail, text)) else []


def said_by(fields: Part) -> Fate | None:
    """What one recipient's fields say; a class of codes says more than the word before it."""
    action = str(fields.get("action", "")).strip().lower()
    if action.startswith(("delivered", "relayed", "expanded")):
        return Fate.ARRIVED
    if action.startswith("delayed"):
        return Fate.WAITS
    if not action.startswith("failed"):
        return None
    diagnosis = str(fields.get("diagnostic-code", ""))
    code = STATUS.search(str(fields.get("status", ""))) or STATUS.search(diagnosis) or REPLY.search(diagnosis)
    return {"5": Fate.LOST, "4": Fate.WAITS}.get(code[1]) if code else None


def said_in_words(mail: Part, text: str) -> Fate | None:
    """The same from qmail (QSBMF), and from Exim before it wrote reports."""
    if QMAIL.match(text):
        told = QMAIL_COPY.split(text, maxsplit=1)[0]
        codes = STATUS.findall(told) or REPLY.findall(told)
        return Fate.WAITS if "4" in codes else Fate.LOST
    if mail.get("x-failed-recipients"):
        told = EXIM_COPY.split(text, maxsplit=1)[0]
        return Fate.LOST if EXIM_LOST.search(told) and "4" not in STATUS.findall(told) else None
    return None


def blocks_of(report: Part) -> Iterator[Part]:
    """The groups of fields of a report: of the mail first, then of each recipient."""
    inner = [each for each in report.walk() if each is not report]
    if is_encoded(report):
        text = text_of(report)
        yield from (message_from_string(block, policy=compat32) for block in re.split(r"\r?\n[ \t]*\r?\n", text))
        return
    yield from inner


def not_copied(part: Part) -> Iterator[Part]:
    """The part and those in it, but nothing of the mail that came back."""
    yield part
    if part.get_content_maintype() == "multipart":
        for each in children_of(part):
            yield from not_copied(each)


def children_of(part: Part) -> list[Part]:
    """The parts directly in it."""
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Part)] if isinstance(inner, list) else []


def is_encoded(part: Part) -> bool:
    """Whether it is encoded, which what lies in a message/… part must not be, and sometimes is."""
    return str(part.get("content-transfer-encoding", "")).strip().lower() in ENCODED


def text_of(part: Part) -> str:
    """The text of a part, decoded; of a message/… part only where that is encoded as a whole."""
    if part.get_content_maintype() == "message" and is_encoded(part):
        whole = Part(policy=compat32)
        whole["Content-Transfer-Encoding"] = str(part["content-transfer-encoding"]).strip()
        whole.set_payload("\n".join(str(each.get_payload()) for each in children_of(part) if not each.is_multipart()))
        part = whole
    if part.is_multipart():
        return ""
    body = part.get_payload(decode=True)
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else ""
