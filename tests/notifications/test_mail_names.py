"""Whatever somebody typed as a name: literal in the text, escaped in the page, never more than a name."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from notifications.letters import compose
from notifications.text import header_line, one_line
from tests.notifications.mail_samples import question_with

MARKUP = [
    "<b>Lea</b>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='1'>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# no #}",
    "{{ letter.link }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7 %>",
    "{{ self.__init__.__globals__ }}",
    "&lt;b&gt;",
    "&amp;",
    "</bdi></p><h1>x",
    "<!-- x",
    "]]>",
    'O\'Neil & "Söhne"',
    "ليلى",
    "美玲",
    "👩‍👧",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_name_is_shown_as_it_was_typed(text: str) -> None:
    mail = compose(question_with(text, text))
    assert mail.text.count(text) == 3  # the child, and the controller twice
    assert mail.html.count(str(escape(text))) == 3


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1).filter(lambda text: one_line(text) != ""))
def test_any_name_is_literal_in_text_and_escaped_in_html(name: str, controller: str) -> None:
    mail = compose(question_with(name, controller))
    for shown in (one_line(name), one_line(controller)):
        assert shown in mail.text
        assert str(escape(shown)) in mail.html


@settings(deadline=None)
@given(st.text())
def test_no_name_brings_a_tag_into_the_page(name: str) -> None:
    tags = re.compile(r"<[^>]*>")
    plain = tags.findall(compose(question_with("Lea")).html)
    assert tags.findall(compose(question_with("Lea" + name)).html) == plain


@settings(deadline=None)
@given(st.text())
def test_no_name_brings_a_paragraph_into_the_text(name: str) -> None:
    plain = compose(question_with("Lea")).text
    assert len(compose(question_with("Lea" + name)).text.split("\n\n")) == len(plain.split("\n\n"))


@given(st.text())
def test_cleaned_text_stays_as_it_is(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)


def test_a_reordering_mark_cannot_turn_the_sentence_round() -> None:
    assert one_line("Lea\u202e :ton si siht") == "Lea :ton si siht"


@given(st.text())
def test_no_text_starts_an_encoded_word_in_a_header(text: str) -> None:
    assert "=?" not in header_line(text)
    assert header_line(header_line(text)) == header_line(text)
