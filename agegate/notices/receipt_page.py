"""A receipt as a page to read and keep: everything it says is taken from the signed texts, which it carries with it.

The same texts always give the same bytes, so that a page that says something else than its texts is found out.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined

MARK = "<!doctype html>"
_TEMPLATES = Environment(
    loader=PackageLoader("agegate.notices", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def receipt_page(record: Sequence[str]) -> str:
    """The page of a record: its receipt first, then the entries after it. Whether they hold is not asked here."""
    receipt, *entries = [_claims(signed) for signed in record]
    return _TEMPLATES.get_template("receipt.html.j2").render(receipt=receipt, entries=entries, record=record)


def is_page(text: str) -> bool:
    """Whether a text is a page rather than bare signed texts."""
    return text.lstrip().lower().startswith(MARK)


def _claims(signed: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(urlsafe_b64decode(signed.split(".")[1] + "==")))
