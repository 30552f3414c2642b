"""The languages that are spoken to people, and which one a person gets.

Owns the one list of locales, the way from a wish to one of them, and the direction of their writing. The words
are in each room's `catalogues`; dates, lists and the reading of catalogues are `wording`.
"""

from collections.abc import Iterable

FALLBACK = "en"
"""The language that everything is written in first, and that stands in where another is missing."""

LOCALES = ("en", "zh-Hans", "es", "fr", "de", "pt-BR", "ja", "ko", "hi", "ar")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
MOST_WISHES = 16
"""How many languages of a browser's list are looked at."""


def nearest(wanted: str | None, spoken: Iterable[str] = LOCALES) -> str:
    """The locale nearest to a BCP 47 tag: itself, a shorter form of it, its language, at last English."""
    return known(wanted or "", spoken) or FALLBACK


def known(wanted: str, spoken: Iterable[str] = LOCALES) -> str | None:
    """The same without the English at last (RFC 4647 section 3.4, then any form of the same language)."""
    by_tag = {locale.lower(): locale for locale in spoken}
    parts = wanted.replace("_", "-").lower().split("-")
    for length in range(len(parts), 0, -1):
        if found := by_tag.get("-".join(parts[:length])):
            return found
    return next((locale for tag, locale in by_tag.items() if tag.partition("-")[0] == parts[0]), None)


def from_browser(accept_language: str) -> str:
    """The language of an Accept-Language header (RFC 9110) that its sender likes best and that is spoken here."""
    wishes = [wish.strip() for wish in accept_language.split(",")[:MOST_WISHES]]
    liked = sorted(wishes, key=liking, reverse=True)
    found = (known(wish.partition(";")[0].strip()) for wish in liked if liking(wish) > 0)
    return next((locale for locale in found if locale), FALLBACK)


def liking(wish: str) -> float:
    """The weight of one wish, 1 where none is given; 0, "not this one", where it cannot be read."""
    _, _, weight = wish.partition(";")
    if not weight:
        return 1.0
    number = weight.strip().removeprefix("q=")
    return float(number) if number.replace(".", "", 1).isdecimal() and number.isascii() else 0.0


def direction(locale: str) -> str:
    """`rtl` or `ltr`, for the dir attribute."""
    return "rtl" if locale.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
