import re
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest
from jinja2 import UndefinedError

from notifications.letters import Controller, Letter, compose
from notifications.rendering import render
from tests.notifications.mail_samples import (
    CONTROLLER,
    GUARDIAN,
    LETTERS,
    LINK,
    NOW,
    QUESTION,
    RECEIPT,
    WITHDRAWAL,
    question_with,
)


def spoken(html: str) -> str:
    """What a reader sees, in one line."""
    body = html.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.template)
def test_the_subject_names_the_product_and_the_repr_nobody(letter: Letter) -> None:
    mail = compose(letter)
    assert "Storyland" in mail.subject
    for shown in (repr(letter), repr(mail)):
        assert GUARDIAN not in shown
        assert "Lea" not in shown
        assert "https://consent.example" not in shown


def test_the_first_name_is_neither_in_the_subject_nor_in_the_preview() -> None:
    mail = compose(question_with("Lea"))
    assert "Lea" not in mail.subject
    assert "Lea" not in mail.text[:400]
    assert "Lea" not in spoken(mail.html)[:400]


def test_without_a_first_name_no_sentence_about_it_is_left() -> None:
    assert "first name" not in compose(replace(QUESTION, child_first_name=None)).text


@pytest.mark.parametrize(
    "fact",
    [
        "Example Co",
        "1 Street, Town",
        "privacy@example.com",
        "Storyland",
        "Lea",
        "Give answers",
        "chat text and account name",
        "until the account is deleted",
        "Needed to use Storyland.",
        "You can say no to this",
        "A hosting company",
        "date of birth, encrypted",
        "Singapore",
        LINK,
        "29 November 2026, 09:30 UTC",
        "You need not give a reason.",
        "is deleted",
        "take back your yes at any time",
        "Data Protection Office, Town",
        "https://example.com/policy",
        "2024-12-05",
    ],
)
def test_the_question_tells_each_fact_in_both_parts(fact: str) -> None:
    mail = compose(QUESTION)
    assert fact in " ".join(mail.text.split())
    assert fact in spoken(mail.html).replace(" .", ".")


def test_no_recipients_means_that_nobody_else_gets_the_data() -> None:
    assert "Nobody else gets the data." in compose(replace(QUESTION, recipients=())).text


@pytest.mark.parametrize(
    "fact",
    [
        "22 November 2026, 09:30 UTC",
        "2024-12-05",
        "Give answers",
        "Improve answers",
        RECEIPT.manage_link,
        "Example Co",
    ],
)
def test_the_receipt_tells_each_fact_in_both_parts(fact: str) -> None:
    mail = compose(RECEIPT)
    assert fact in mail.text
    assert fact in spoken(mail.html)


def test_the_receipt_carries_its_signed_record() -> None:
    (file,) = compose(RECEIPT).attachments
    assert (file.filename, file.content_type) == ("consent-receipt.jwt", "application/jwt")
    assert file.content == RECEIPT.receipt.encode()


@pytest.mark.parametrize(
    ("letter", "sentence"),
    [
        (WITHDRAWAL, "deleted from 25 November 2026, 09:30 UTC on"),
        (replace(WITHDRAWAL, deletion_due_at=NOW), "being deleted now"),
    ],
)
def test_the_withdrawal_says_when_the_data_goes(letter: Letter, sentence: str) -> None:
    mail = compose(letter)
    assert sentence in " ".join(mail.text.split())
    assert sentence in spoken(mail.html)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.template)
def test_the_page_fetches_nothing_and_hides_nothing(letter: Letter) -> None:
    html = compose(letter).html
    for word in (
        "<img",
        "<script",
        "<link",
        "<iframe",
        "src=",
        "url(",
        "@import",
        "display:none",
        "@font-face",
    ):
        assert word not in html


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.template)
def test_the_only_addresses_are_the_letters_own(letter: Letter) -> None:
    assert set(re.findall(r'href="([^"]*)"', compose(letter).html)) == set(letter.addresses())


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.template)
def test_no_two_blank_lines_follow_each_other_in_the_text(letter: Letter) -> None:
    lines = compose(letter).text.split("\n")
    assert all(one or other for one, other in pairwise(lines))


@pytest.mark.parametrize("wanted", ["", "tlh", "../../etc", ".."])
def test_an_unknown_language_falls_back_to_english(wanted: str) -> None:
    assert compose(replace(QUESTION, locale=wanted)) == compose(QUESTION)


def test_equal_letters_make_equal_messages() -> None:
    assert compose(QUESTION) == compose(replace(QUESTION))


def test_a_template_that_asks_for_an_unknown_field_fails() -> None:
    with pytest.raises(UndefinedError):
        render("en", "txt", "consent_question", "", CONTROLLER)


@pytest.mark.parametrize("missing", ["name", "postal_address", "contact"])
def test_a_controller_must_be_complete(missing: str) -> None:
    facts = {"name": "Example Co", "postal_address": "1 Street", "contact": "a@example.com", missing: " "}
    with pytest.raises(ValueError, match="must be told"):
        Controller(**facts)


def test_the_sentences_of_the_question_are_short() -> None:
    prose = " ".join(compose(QUESTION).text.split("WHO WRITES THIS")[0].split())
    sentences = [part for part in re.split(r"[.?!]\s", prose) if part]
    words = prose.split()
    assert len(words) / len(sentences) < 16
