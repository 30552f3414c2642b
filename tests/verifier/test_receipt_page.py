"""A receipt's page in every language: it says what is signed in it, and whoever changes a word of it is found out."""

import re

import pytest

from agegate.notices.receipt_page import STYLE, is_page_of, receipt_page
from notifications.languages import LOCALES, direction
from tests.verifier.test_evidence import entry, receipt

FIRST = receipt()
RECORD = [FIRST, entry(1, FIRST)]
TEXT = re.compile(r"<(?:h1|h2|dt)[^>]*>([^<]+)<")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_page_fits_its_proof_in_every_language(locale: str) -> None:
    page = receipt_page(RECORD, locale)
    assert is_page_of(page, RECORD)
    assert f'<html lang="{locale}" dir="{direction(locale)}">' in page


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("US-CA", "US-TX"),
        ("2026-11-22T09:00:00Z", "2026-11-21T09:00:00Z"),
        ("a" * 64, "b" * 64),
        ("</main>", "…</main>"),
    ],
)
def test_a_changed_page_does_not_fit(locale: str, said: str, instead: str) -> None:
    page = receipt_page(RECORD, locale)
    assert not is_page_of(page.replace(said, instead, 1), RECORD)


@pytest.mark.parametrize("named", ["de", "xx", "en-GB", ""])
def test_a_page_that_names_another_language_than_it_speaks_does_not_fit(named: str) -> None:
    assert not is_page_of(receipt_page(RECORD).replace('lang="en"', f'lang="{named}"', 1), RECORD)


def test_an_entry_left_out_of_the_words_is_found_out() -> None:
    assert not is_page_of(receipt_page(RECORD[:1]), RECORD)


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {"en"}))
def test_no_label_stays_english(locale: str) -> None:
    english, spoken = (TEXT.findall(receipt_page(RECORD, each)) for each in ("en", locale))
    same = {ours for ours, theirs in zip(english, spoken, strict=True) if ours == theirs and "2026-" not in ours}
    assert same <= {"Service"}  # French says the same word


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = receipt_page(RECORD)
    assert re.findall(r"(?:src|href|url|@import)\s*[=(]", page + STYLE) == []
    assert "<script" not in page
