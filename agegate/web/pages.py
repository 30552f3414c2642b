"""Renders the guardian's pages.

Owns the template environment: autoescaped, strict about missing facts, no script and no asset from
elsewhere. What a page shows is `page_facts`; who may see it is the routes' question.
"""

from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse

from agegate.notices.receipt_page import STYLE_SOURCE
from agegate.web.page_facts import Page
from notifications.languages import direction, from_browser, nearest

if TYPE_CHECKING:
    from jinja2 import Environment

STATIC: Final = Path(__file__).parent / "static"
CATALOGUES: Final = Path(__file__).parent / "catalogues"


def render(page: Page, locale: str, status: int | None = None) -> HTMLResponse:
    """The page in the nearest language we speak.

    Browsers send `Origin: null` with a form of a no-referrer page, so pages are same-origin.
    """
    spoken = nearest(locale)
    facts = {field.name: getattr(page, field.name) for field in fields(page)}
    text = environment(spoken).get_template(page.template).render(facts)
    headers = {"Referrer-Policy": "same-origin", "Content-Language": spoken}
    return HTMLResponse(text, status or page.status, headers)


def kept(html: str, locale: str) -> HTMLResponse:
    """A receipt's page as it is mailed; it brings its own style, which the page's policy therefore names."""
    policy = (
        f"default-src 'none'; style-src {STYLE_SOURCE}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Content-Language": nearest(locale)})


def locale_of(request: Request) -> str:
    """The language that the browser likes best and we speak; a stored preference goes before this."""
    return from_browser(request.headers.get("accept-language", ""))


def is_web_address(text: str) -> bool:
    """Whether a text may become a link: escaping alone would let `javascript:` through."""
    return urlsplit(text).scheme in {"https", "http"}


@cache
def environment(locale: str) -> "Environment":
    """The templates in one of our languages."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # late: a server at rest has shown no page

    from notifications.wording import instant, listed, teach

    made = Environment(
        loader=PackageLoader("agegate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
        auto_reload=False,
    )
    teach(made, CATALOGUES, locale)
    made.filters |= {"in_words": partial(instant, locale=locale), "listed": listed}
    made.filters |= {"direction": direction, "is_web_address": is_web_address}
    made.globals["locale"] = locale
    return made
