"""The question: what it tells, that nothing is chosen for anybody, and that no text of a child acts on it."""

import re
from dataclasses import replace

import pytest

from agegate.web.pages import is_web_address, render
from tests.web.guardian_pages import CONTROLLER, NOTICE, TERMS, question
from tests.web.outline import main_form, outline, text_of


@pytest.mark.parametrize(
    "stated",
    [
        *("Example Learning Ltd", "1 Long Street, 1000 Sometown", "privacy@example.org"),
        *(
            "Mia",
            "Provide the chat",
            "To answer what is typed.",
            "chats and account details",
            "Needed",
            "Your choice",
        ),
        *("as long as the account exists", "Example Hosting GmbH", "Germany"),
        *("If you say yes", "If you say no", "If you do not answer", "29 November 2026", "6 December 2026"),
        *("Take your consent back", "after 3 days", "data protection authority where you live"),
        *("version 2024-12-05", "https://example.org/privacy", "0f" * 32, "The notice as it is recorded."),
    ],
)
def test_the_question_tells_what_a_guardian_must_be_told(stated: str) -> None:
    assert stated in text_of(question())


def test_the_question_has_two_answers_none_chosen_and_one_button() -> None:
    found = main_form(question())
    radios = [field for field in found.all("input") if field["type"] == "radio"]
    assert [(radio["name"], radio["value"]) for radio in radios] == [
        ("answer", "grant"),
        ("answer", "decline"),
    ]
    assert not [radio for radio in radios if "checked" in radio]
    assert len(found.all("button")) == 1
    assert len(found.all("fieldset")) == len(found.all("legend")) == 2


def test_the_question_is_posted_to_itself_with_the_nonce() -> None:
    found = outline(question())
    small = {"class": "small-form", "method": "post", "action": "/guardian/stop"}
    assert found.all("form") == [{"method": "post", "action": "/guardian", "id": "answer"}, small, small]
    hidden = [field for field in found.all("input") if field["type"] == "hidden"]
    assert [(field["name"], field["value"]) for field in hidden] == [("nonce", nonce * 43) for nonce in "nss"]


def test_every_optional_purpose_and_the_disclosure_have_a_switch_that_is_off() -> None:
    boxes = [field for field in main_form(question()).all("input") if field["type"] == "checkbox"]
    assert [box["name"] for box in boxes] == ["purpose.improve", "purpose.disclosure"]
    assert not [box for box in boxes if "checked" in box]


def test_without_anything_optional_there_is_no_switch() -> None:
    found = main_form(question(notice=replace(NOTICE, switches=())))
    assert not [field for field in found.all("input") if field["type"] == "checkbox"]
    assert len(found.all("fieldset")) == 1


def test_both_answers_are_made_of_the_same_elements() -> None:
    html = bytes(render(question(), "en").body).decode()
    yes, no = re.findall(r'<label class="card">.*?</label>', html, re.DOTALL)
    bare = [re.sub(r'value="\w+"|>[^<]+<', ">", card) for card in (yes, no)]
    assert bare[0] == bare[1]


def test_a_form_without_an_answer_comes_back_with_the_reason() -> None:
    found = outline(question(choice_missing=True))
    assert [part for part in found.all("div") if part.get("role") == "alert"]
    assert found.text.strip().startswith("Error: ")


def test_a_question_without_a_name_speaks_of_a_child() -> None:
    assert "A child is signing up" in text_of(question(None))


@pytest.mark.parametrize(
    "name",
    [
        "<b>",
        "{{7*7}}",
        "{% raw %}",
        "<script>alert(1)</script>",
        "'\"><img src=x>",
        "&amp;",
        "%(service)s",
        "${7}",
    ],
)
def test_a_name_is_shown_literally_and_nothing_else(name: str) -> None:
    found = outline(question(name))
    assert f"{name} is signing up" in " ".join(found.text.split())
    assert not found.all("script") + found.all("img") + found.all("b")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", ""])
def test_a_policy_address_that_is_no_web_address_is_no_link(address: str) -> None:
    notice = replace(NOTICE, terms=replace(TERMS, policy_url=address))
    assert not is_web_address(address)
    assert address not in [link["href"] for link in outline(question(notice=notice)).all("a")]


@pytest.mark.parametrize(
    ("contact", "links"),
    [
        ("privacy@example.org", ["mailto:privacy@example.org"]),
        ("https://example.org/contact", ["https://example.org/contact"]),
        ("Call us @ 555 0100", []),
    ],
)
def test_a_contact_is_a_link_where_it_can_be_one(contact: str, links: list[str]) -> None:
    notice = replace(NOTICE, controller=replace(CONTROLLER, contact=contact))
    found = [str(link["href"]) for link in outline(question(notice=notice)).all("a")]
    assert [link for link in found if link[0] != "#" and link != TERMS.policy_url] == links
