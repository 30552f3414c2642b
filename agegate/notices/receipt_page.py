"""A receipt as a page to read and keep: everything it says is taken from the signed texts, which it carries with it.

The same texts in the same language always give the same bytes, so that a page that says something else than its
texts is found out. Hence times stand as they are signed: how a language writes a date changes over the years.
"""

import json
import re
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from agegate.notices.receipt_words import english
from notifications.languages import FALLBACK, LOCALES, direction, nearest

if TYPE_CHECKING:
    from jinja2 import Template

HERE: Final = Path(__file__).parent
MARK: Final = "<!doctype html>"
LANGUAGE: Final = re.compile(r'\s*<!doctype html>\s*<html lang="([A-Za-z-]{2,20})"', re.IGNORECASE)
STYLE: Final = (HERE / "templates" / "receipt.css").read_text("utf-8")
STYLE_SOURCE: Final = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
"""What a Content-Security-Policy must allow for the page to look as it should: this style, and no other."""


def receipt_page(record: Sequence[str], locale: str = FALLBACK) -> str:
    """The page of a record: its receipt first, then the entries after it. Whether they hold is not asked here."""
    receipt, *entries = [_claims(signed) for signed in record]
    return _page(nearest(locale)).render(receipt=receipt, entries=entries, record=record, titles=_titles(receipt))


def is_page(text: str) -> bool:
    """Whether a text is a page rather than bare signed texts."""
    return text.lstrip().lower().startswith(MARK)


def is_page_of(text: str, record: Sequence[str]) -> bool:
    """Whether a page says what its signed texts say, in the language that it names."""
    named = LANGUAGE.match(text)
    spoken = named is not None and named[1] in LOCALES
    return named is not None and spoken and text.strip() == receipt_page(record, named[1]).strip()


@cache
def _page(locale: str) -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # late: a server at rest has rendered nothing
    from markupsafe import Markup

    from notifications.wording import catalogue, teach

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    teach(made, HERE / "catalogues", locale)
    words = catalogue(HERE / "catalogues", locale)
    made.filters |= {"in_words": lambda code: words.gettext(english(code)) if code else "", "direction": direction}
    made.globals |= {"locale": locale, "style": Markup(STYLE)}  # noqa: S704 - a file of ours
    return made.get_template("receipt.html.j2")


def _titles(receipt: dict[str, object]) -> dict[str, object]:
    """What the signed text calls each purpose. Receipts of before told codes alone, and look as they did."""
    listed = receipt.get("processing")
    told = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {str(each["purpose"]): each["title"] for each in told if "title" in each}


def _claims(signed: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(urlsafe_b64decode(signed.split(".")[1] + "==")))
