"""Templates in, finished text out.

Owns the one template environment and the choice of the language. The folders under `templates` are the
languages: a new one is a new folder with the same files. Knows nothing of what the letters mean.
"""

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from notifications.text import long_instant, one_line

FALLBACK = "en"
TEMPLATES = Path(__file__).parent / "templates"
LOCALES = {folder.name.lower(): folder.name for folder in sorted(TEMPLATES.iterdir()) if folder.is_dir()}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def foreign(value: object) -> object:
    """Every value that a template prints passes here, so no field can bring its own line ends."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
    undefined=StrictUndefined,
    finalize=foreign,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def best_locale(wanted: str) -> str:
    """The nearest language (RFC 4647 section 3.4, lookup): `de-AT` finds `de`, the unknown finds English."""
    parts = wanted.lower().split("-")
    for length in range(len(parts), 0, -1):
        found = LOCALES.get("-".join(parts[:length]))
        if found is not None:
            return found
    return FALLBACK


def render(locale: str, name: str, letter: object) -> str:
    """The text of one template of this language, given the letter's fields."""
    direction = "rtl" if locale.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
    template = ENVIRONMENT.get_template(f"{locale}/{name}.j2")
    return template.render(letter=letter, locale=locale, direction=direction, when=partial(long_instant, locale=locale))
