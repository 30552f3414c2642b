"""What Postmark's answer to a mail means: taken, to be sent again (and how soon), or impossible for this recipient.

Only what is surely about the recipient is final. Token, sender, account and limits are the operator's to settle, and no
guardian's fault: such a mail waits.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

from notifications.retry_after import asked_wait
from notifications.transports.transport import MailRefused, MailRefusedForGood, MailRefusedForNow

INACTIVE = 406
"""The recipient bounced or complained before, and Postmark sends nothing there any more."""

INVALID = 300
"""Some member of the request cannot be used; which one, only the text says."""

NAMES_THE_RECIPIENT = re.compile(r"(?<![\w-])'?To\b")
LONGEST_WAIT = timedelta(days=7)


def refusal(status: int, body: bytes, headers: Mapping[str, str]) -> MailRefused | None:
    """Only a 200 that also says `ErrorCode` 0 is a yes; only a 422 can be final."""
    error, text = error_in(body)
    if (status, error) == (200, 0):
        return None
    if status == 422 and about_the_recipient(error, text):  # noqa: PLR2004 - RFC 9110
        return MailRefusedForGood(f"postmark-{error}")
    return MailRefusedForNow(f"postmark-{error}" if error else f"http-{status}", wish_in(headers))


def about_the_recipient(error: int | None, text: str) -> bool:
    """Whether this address will never do; a sender that cannot be used must not end every question."""
    return error == INACTIVE or (error == INVALID and NAMES_THE_RECIPIENT.search(text) is not None)


def error_in(body: bytes) -> tuple[int | None, str]:
    """The provider's code and text; (None, "") when it is no answer of the provider's."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):  # also bytes that are no UTF-8
        return None, ""
    code, text = (answer.get("ErrorCode"), answer.get("Message")) if isinstance(answer, dict) else (None, None)
    return code if type(code) is int else None, text if isinstance(text, str) else ""


def wish_in(headers: Mapping[str, str]) -> timedelta | None:
    """The `Retry-After`: seconds, or an instant by the clock of the server's own `Date`."""
    told = headers.get("Retry-After", "")
    return asked_wait(told, lambda: parsedate_to_datetime(headers.get("Date", "")), LONGEST_WAIT)
