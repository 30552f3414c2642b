"""The notice of a profile, rendered for one locale, and its digest: what minor and guardian both agree to.

Owns wording and canonical bytes. Who the controller is stands beside the notice, not in it: it belongs to the
service. The text is what the digest is of, byte for byte (UTF-8).
"""

from dataclasses import dataclass, field
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from agegate.rules.profile import Profile

LOCALES = ("en",)
FALLBACK = "en"

_TEMPLATES = Environment(
    loader=PackageLoader("agegate.notices", "templates"),
    autoescape=False,  # noqa: S701 - plain text; the page that shows it escapes it
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language. `sha256` is the hex digest of `text` in UTF-8."""

    policy_version: str
    locale: str
    text: str = field(repr=False)
    sha256: str
    url: str


def nearest_locale(wanted: str | None) -> str:
    """The locale we have that comes closest to a BCP 47 tag: exact, else its language, else English."""
    tag = (wanted or FALLBACK).replace("_", "-").lower()
    by_tag = {locale.lower(): locale for locale in LOCALES}
    return by_tag.get(tag) or by_tag.get(tag.split("-")[0]) or FALLBACK


def render_notice(profile: Profile, wanted: str | None) -> Notice:
    """The notice in the nearest locale; the same input gives the same bytes."""
    locale = nearest_locale(wanted)
    text = _TEMPLATES.get_template(f"{locale}.txt.j2").render(profile=profile, terms=profile.notice)
    digest = sha256(text.encode()).hexdigest()
    return Notice(profile.policy_version, locale, text, digest, profile.notice.policy_url)
