"""Every sentence that a guardian can read exists in every language, says the same facts, and is today's."""

import re
from itertools import product

import pytest

from tests.languages.extraction import ROOMS, TRANSLATED, Room, brought_up, lacking, words, written

PLACE = re.compile(r"%\([a-z_]+\)[a-z]|%%|%|<[^>]*>")
EVERYWHERE = [pytest.param(room, locale, id=f"{room.name}-{locale}") for room, locale in product(ROOMS, TRANSLATED)]


def places(text: str) -> list[str]:
    """The placeholders and the markup of a sentence, in any order; what is left of %% is a fault."""
    return sorted(PLACE.findall(text))


@pytest.mark.parametrize(("room", "locale"), EVERYWHERE)
def test_a_catalogue_holds_the_sentences_of_today(room: Room, locale: str) -> None:
    assert brought_up(room, locale) == room.path(locale).read_bytes(), "run: make languages"


@pytest.mark.parametrize(("room", "locale"), EVERYWHERE)
def test_a_translation_has_the_places_of_its_sentence(room: Room, locale: str) -> None:
    said = [
        (english, form) for each in written(room, locale) if each.id
        for english in words(each.id)[-1:] for form in words(each.string) if form
    ]  # fmt: skip
    # A form for one or two may leave out the number: "one day", the Arabic dual.
    assert [form for english, form in said if set(places(english)) - set(places(form)) - {"%(num)s", "%(count)s"}] == []
    assert [form for english, form in said if set(places(form)) - set(places(english))] == []


@pytest.mark.parametrize(("room", "locale"), EVERYWHERE)
def test_no_sentence_waits_for_its_words(room: Room, locale: str) -> None:
    assert lacking(room, locale) == []
