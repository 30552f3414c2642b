"""How long the other side of an HTTP call asks to be left alone (`Retry-After`, RFC 9110 section 10.2.3). Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime


def asked_wait(text: str, since: Callable[[], datetime], most: timedelta) -> timedelta | None:
    """The wait in seconds or until an HTTP date, counted from `since`; at most `most`, and None where nothing is said.

    `since` is asked for dates only, and may raise ValueError or TypeError where it cannot be told.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), most)
    try:
        wait = parsedate_to_datetime(text) - since()
    except (ValueError, TypeError, OverflowError):  # TypeError: a date without a zone
        return None
    return min(max(wait, timedelta(0)), most)
