"""The notice of a profile, rendered for one locale, and its digest: what minor and guardian both agree to.

Owns wording and canonical bytes. A profile whose own words are not in a language has its notice in English, and
says so: `locale` is the language that was really shown. Who the controller is stands beside the notice.
"""

from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from agegate.rules.profile import Profile
from notifications.languages import LOCALES, nearest

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["LOCALES", "Notice", "NoticeShelf", "nearest_locale", "render_notice"]

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language. `sha256` is the hex digest of `text` in UTF-8."""

    policy_version: str
    locale: str
    text: str = field(repr=False)
    sha256: str
    url: str

    def bound_to(self, profile: str) -> dict[str, str]:
        """What an agreement to this notice is recorded with."""
        named = {"profile": profile, "policy_version": self.policy_version}
        return named | {"locale": self.locale, "notice_sha256": self.sha256}


@cache
def wording(locale: str) -> "Template":
    """The notice's sentences in one language."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # late: a server at rest has rendered nothing

    from notifications.wording import listed, teach

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=False,  # noqa: S701 - plain text; the page that shows it escapes it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    teach(made, HERE / "catalogues", locale)
    made.globals["listed"] = partial(listed, locale=locale)
    return made.get_template("notice.txt.j2")


def nearest_locale(profile: Profile, wanted: str | None) -> str:
    """The language of that profile's notice that comes nearest to a wish."""
    return nearest(wanted, profile.languages)


def render_notice(profile: Profile, wanted: str | None) -> Notice:
    """The notice in the nearest language; the same input gives the same bytes."""
    locale = nearest_locale(profile, wanted)
    terms = profile.terms(locale)
    text = wording(locale).render(profile=profile, terms=terms)
    return Notice(profile.policy_version, locale, text, sha256(text.encode()).hexdigest(), terms.policy_url)


class NoticeShelf:
    """The notices of the profiles of today, each rendered when it is first asked for: ten languages take their time."""

    def __init__(self) -> None:
        self._rendered: dict[tuple[str, str], Notice] = {}

    def notice(self, profile: Profile, wanted: str | None) -> Notice:
        """The profile's notice in the nearest language."""
        name = profile.label, nearest_locale(profile, wanted)
        known = self._rendered.get(name)
        return known if known is not None else self._rendered.setdefault(name, render_notice(profile, name[1]))
