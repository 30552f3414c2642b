"""How a language says things: its catalogue of sentences, its dates and its lists. Babel lives here alone.

Owns the reading of catalogues (`.po` files, compiled in memory, so that nothing compiled can be stale) and the
teaching of a template environment. Which language somebody gets is `languages`; the sentences are each room's.
"""

from datetime import UTC, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

from notifications.languages import FALLBACK

WRITTEN_AS = {"en": "en-GB"}
"""English dates are written day first, with the hours of the day counted through."""


@cache
def babel_locale(locale: str) -> Locale:
    """Babel's own name of a locale."""
    return Locale.parse(locale, sep="-")


@cache
def catalogue(folder: Path, locale: str) -> NullTranslations:
    """The sentences of a room in one language. English is what the sources are written in."""
    if locale == FALLBACK:
        return NullTranslations()
    with (folder / f"{locale}.po").open("rb") as file:
        sentences = read_po(file, locale=str(babel_locale(locale)))
    compiled = BytesIO()
    write_mo(compiled, sentences)
    compiled.seek(0)
    return GNUTranslations(compiled)


def teach(environment: Environment, folder: Path, locale: str) -> None:
    """Make the templates of an environment speak one language; `trans` blocks forget how they were indented."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    install = environment.install_gettext_translations  # type: ignore[attr-defined]  # added by the i18n extension
    install(catalogue(folder, locale), newstyle=True)


def instant(at: datetime, locale: str) -> str:
    """An instant as people read it. UTC is said, since nobody knows where the reader is."""
    there, spoken = at.astimezone(UTC), babel_locale(WRITTEN_AS.get(locale, locale))
    time = f"{format_time(there, 'HH:mm', locale=spoken)} UTC"
    pattern = str(get_datetime_format("medium", locale=spoken))
    return pattern.format(time, format_date(there, "long", locale=spoken))


def listed(items: list[str] | tuple[str, ...], locale: str) -> str:
    """Things after each other, as the language joins them: `a, b, and c`."""
    return format_list(list(items), locale=babel_locale(locale))
