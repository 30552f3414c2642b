"""Renders the guardian's pages.

Owns the template environment: autoescaped, strict about missing facts, no script and no asset from
elsewhere. What a page shows is `page_facts`; who may see it is the routes' question.
"""

from dataclasses import fields
from datetime import UTC, datetime
from gettext import NullTranslations
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from agegate.web.page_facts import Page

STATIC: Final = Path(__file__).parent / "static"
LOCALES: Final = {"en": NullTranslations()}
"""The languages the pages speak, best first. One more catalogue is one more entry."""

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})


def render(page: Page, locale: str, status: int | None = None) -> HTMLResponse:
    """The page in the nearest language we speak.

    Browsers send `Origin: null` with a form of a no-referrer page, so pages are same-origin.
    """
    spoken = nearest(locale)
    facts = {field.name: getattr(page, field.name) for field in fields(page)}
    text = ENVIRONMENTS[spoken].get_template(page.template).render(facts)
    headers = {"Referrer-Policy": "same-origin", "Content-Language": spoken}
    return HTMLResponse(text, status or page.status, headers)


def nearest(locale: str) -> str:
    """The language we speak that is nearest to the one asked for; English at last."""
    if locale in LOCALES:
        return locale
    language = locale.partition("-")[0].lower()
    return next((spoken for spoken in LOCALES if spoken.partition("-")[0] == language), "en")


def locale_of(request: Request) -> str:
    """The first language of the browser that we speak; a stored preference goes before this."""
    asked = [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")[:16]]
    known = [locale for locale in asked if nearest(locale) != "en" or locale.lower().startswith("en")]
    return nearest(known[0]) if known else "en"


def direction(locale: str) -> str:
    """`rtl` or `ltr`, for the dir attribute."""
    return "rtl" if locale.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def in_words(at: datetime) -> str:
    """An instant as people read it. UTC is said, since we do not know where the guardian is."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def is_web_address(text: str) -> bool:
    """Whether a text may become a link: escaping alone would let `javascript:` through."""
    return urlsplit(text).scheme in {"https", "http"}


def _environment(locale: str, catalogue: NullTranslations) -> Environment:
    environment = Environment(
        loader=PackageLoader("agegate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method at run time.
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    environment.filters |= {"in_words": in_words, "direction": direction, "is_web_address": is_web_address}
    environment.globals["locale"] = locale
    return environment


ENVIRONMENTS: Final = {locale: _environment(locale, catalogue) for locale, catalogue in LOCALES.items()}
