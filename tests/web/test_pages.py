"""What all guardian pages are made of, and what the others than the question say."""

import re
from itertools import pairwise

import pytest

from agegate.rules.consent import Answer
from agegate.web.page_facts import ExpiredPage, LinkUnknownPage, Page, UsedLinkPage
from agegate.web.pages import STATIC, render
from notifications.languages import direction, nearest
from tests.web.guardian_pages import AT, EVERY_PAGE, answered, manage, question, withdrawn
from tests.web.outline import outline, text_of


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_every_page_is_well_formed_and_says_its_language(page: Page) -> None:
    found = outline(page)
    assert found.open == []
    assert found.all("html") == [{"lang": "en", "dir": "ltr"}]
    assert len(found.all("h1")) == len(found.all("main")) == len(found.all("title")) == 1


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_no_page_has_a_script_a_style_attribute_or_a_remote_asset(page: Page) -> None:
    found = outline(page)
    assert not {tag for tag, _ in found.elements} & {"script", "style", "iframe", "img", "object", "embed"}
    assert not [name for _, attributes in found.elements for name in attributes if name == "style" or name[:2] == "on"]
    assert [link["href"] for link in found.all("link")] == ["/static/guardian.css"]


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_headings_go_down_without_a_step_missing(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in outline(page).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_pages_send_the_referrer_to_themselves_so_that_forms_have_an_origin(page: Page) -> None:
    assert render(page, "en").headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_ids_are_unique_and_every_inner_link_has_its_target(page: Page) -> None:
    found = outline(page)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    inner = [str(link["href"])[1:] for link in found.all("a") if str(link["href"]).startswith("#")]
    described = [field["aria-describedby"] for field in found.all("input") if "aria-describedby" in field]
    assert len(set(ids)) == len(ids)
    assert {*inner, *described} <= set(ids)


def test_the_consent_page_shows_kinds_of_data_and_the_receipt() -> None:
    shown = text_of(manage())
    assert "chats and account details" in shown
    assert "01jd8xk3m9" in shown


def buttons(page: Page) -> list[tuple[str | None, str | None]]:
    """The buttons that say what they choose."""
    return [(button["name"], button["value"]) for button in outline(page).all("button") if "name" in button]


def test_withdrawing_says_in_its_buttons_when_the_data_goes() -> None:
    assert buttons(manage()) == [("choice", "withdraw"), ("choice", "delete_now")]
    assert "Withdraw, and delete after 3 days" in text_of(manage())
    assert "the deletion starts on 25 November 2026, 09:30 UTC" in text_of(manage())


def test_what_is_allowed_is_shown_as_it_is() -> None:
    boxes = [field for field in outline(manage()).all("input") if str(field["name"]).startswith("purpose.")]
    assert [(box["name"], "checked" in box) for box in boxes] == [
        ("purpose.improve", True),
        ("purpose.disclosure", False),
    ]


def test_after_the_coming_of_age_there_is_nothing_to_press() -> None:
    assert not outline(manage(of_age=True)).all("form")


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: type(page).__name__)
def test_no_button_acts_without_something_chosen_first(page: Page) -> None:
    html = bytes(render(page, "en").body).decode()
    for form in re.findall(r"<form .*?</form>", html, re.DOTALL):
        # Starting a sign-in at a provider answers nothing.
        assert " required" in form or 'name="choice" value="switch"' in form or 'action="/guardian/verify"' in form


@pytest.mark.parametrize(("days", "words"), [(1, "delete after 1 day "), (2, "delete after 2 days ")])
def test_days_are_counted_as_people_count_them(days: int, words: str) -> None:
    assert words in text_of(manage(days))


def test_without_a_grace_the_only_way_is_to_delete_now() -> None:
    assert buttons(manage(0)) == [("choice", "delete_now")]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (answered(Answer.GRANT), "You said yes"),
        (answered(Answer.DECLINE), "No Example Chat account is opened"),
        (withdrawn(AT), "The deletion starts on 22 November 2026, 09:30 UTC."),
        (withdrawn(None), "The deletion has started"),
    ],
)
def test_an_outcome_is_told_in_plain_words(page: Page, words: str) -> None:
    assert words in text_of(page)


@pytest.mark.parametrize("page", [LinkUnknownPage(), ExpiredPage(), UsedLinkPage()])
def test_a_dead_link_gets_the_same_bytes_each_time(page: Page) -> None:
    assert render(page, "en").body == render(page, "xx-unknown").body


@pytest.mark.parametrize(("page", "status"), [(question(), 200), (LinkUnknownPage(), 404), (ExpiredPage(), 410)])
def test_a_page_has_its_usual_status(page: Page, status: int) -> None:
    assert render(page, "en").status_code == status


def test_a_page_may_be_given_another_status() -> None:
    assert render(question(choice_missing=True), "en", 422).status_code == 422


@pytest.mark.parametrize(("asked", "spoken"), [("en", "en"), ("en-GB", "en"), ("xx", "en"), ("", "en")])
def test_the_nearest_language_is_spoken(asked: str, spoken: str) -> None:
    assert nearest(asked) == spoken


@pytest.mark.parametrize(("locale", "written"), [("ar", "rtl"), ("ar-EG", "rtl"), ("he", "rtl"), ("en", "ltr")])
def test_languages_are_written_in_their_direction(locale: str, written: str) -> None:
    assert direction(locale) == written


def test_the_sheet_loads_nothing_from_elsewhere() -> None:
    sheet = (STATIC / "guardian.css").read_text("utf-8")
    assert not re.search(r"url\(|@import|https?:", sheet)


@pytest.mark.parametrize("words", ["chats and account details", '<bdi dir="ltr">2024-12-05</bdi>', 'dir="ltr">0f0f'])
def test_what_stands_in_another_language_or_direction_keeps_its_own(words: str) -> None:
    assert words in bytes(render(question(), "ar").body).decode()


def test_no_french_mark_begins_a_line() -> None:
    html = bytes(render(question(), "fr").body).decode()
    assert not re.search(r"« | [»?!;:](?=\s)", re.sub(r"<style>.*?</style>|<[^>]+>", "", html))
