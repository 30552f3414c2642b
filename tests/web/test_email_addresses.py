"""Which e-mail addresses are taken at the door, and in which form they go on."""

from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.web.addresses import AddressRefused, is_confusable, read_address

TAKEN = [
    ("a@example.org", "a@example.org"),
    ("Guardian.Name+tag@example.com", "Guardian.Name+tag@example.com"),
    ("a@EXAMPLE.Org", "a@example.org"),
    ("a@münchen.example.com", "a@xn--mnchen-3ya.example.com"),
    ("a@xn--mnchen-3ya.example.com", "a@xn--mnchen-3ya.example.com"),
    ("a@例え.jp", "a@xn--r8jz45g.jp"),
    ("a@почта.рф", "a@xn--80a1acny.xn--p1ai"),
    ("a@family.test", "a@family.test"),
    ("a@mail.family.example", "a@mail.family.example"),
    ("o'brien@example.org", "o'brien@example.org"),
]

REFUSED = [
    *[(text, "invalid_email") for text in ("", "@", "a", "a@", "@example.org", "a@b@example.org", "a.example.org")],
    *[(text, "invalid_email") for text in (".a@example.org", "a.@example.org", "a..b@example.org")],
    *[(text, "invalid_email") for text in ("a@localhost", "a@test", "a@example", "a@printer.local", "a@x.onion")],
    *[(text, "invalid_email") for text in ("a@[127.0.0.1]", "a@[IPv6:::1]", "a@127.0.0.1", "a@example.org.")],
    *[(text, "invalid_email") for text in ('"a b"@example.org', "a(c)@example.org", "Bob <a@example.org>")],
    *[(text, "invalid_email") for text in ("a@example.org,b", "a@example.org;", " a@example.org", "a@example.org ")],
    ("a@x.org,b@x.org", "invalid_email"),
    ("a@x.org\r\nBcc: z@z.org", "invalid_email"),
    ("a@x.org\r\nBcc: z", "invalid_email"),
    ("a\n@example.org", "invalid_email"),
    ("a\0@example.org", "invalid_email"),
    ("a@exam\0ple.org", "invalid_email"),
    ("a" * 65 + "@example.org", "invalid_email"),
    ("a@" + "b" * 64 + ".org", "invalid_email"),
    ("a@" + ".".join(["b" * 60] * 5) + ".org", "invalid_email"),
    ("a@-example.org", "invalid_email"),
    ("a@exa_mple.org", "invalid_email"),
    ("a@example..org", "invalid_email"),
    ("a@exam\u200bple.org", "invalid_email"),
    ("a@exam\u202eple.org", "invalid_email"),
    ("\uff50arent@example.org", "non_ascii_local"),  # full-width p
    ("p\u0430rent@example.org", "non_ascii_local"),  # Cyrillic a
    ("par\u200bent@example.org", "non_ascii_local"),
    ("jörg@example.org", "non_ascii_local"),
    ("parent@xn--exmple-4nf.org", "confusable_domain"),  # Cyrillic a in a Latin word
    ("parent@ex\u0430mple.org", "confusable_domain"),
    ("parent@mail.g\u03bf\u03bfgle.com", "confusable_domain"),  # Greek omicrons
    ("parent@\u0430\u0440\u0440\u04cf\u0435.com", "confusable_domain"),  # all Cyrillic, reads "apple"
]


@pytest.mark.parametrize(("text", "stored"), TAKEN)
def test_an_address_goes_on_with_its_domain_as_a_label(text: str, stored: str) -> None:
    assert read_address(text) == stored


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_cannot_be_mailed_without_doubt_is_refused_by_code(text: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(text)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["x" * 65_536, "a@" * 30_000, "a@" + "b." * 30_000, "@" * 65_536])
def test_a_huge_text_is_refused_at_once(text: str) -> None:
    started = perf_counter()
    with pytest.raises(AddressRefused):
        read_address(text)
    assert perf_counter() - started < 0.01


@pytest.mark.parametrize(
    "label", ["xn--mnchen-3ya", "café", "東京", "日本ひらがなカタカナ", "한국", "россия", "ελλάδα"]
)
def test_scripts_that_belong_together_are_not_confusable(label: str) -> None:
    assert not is_confusable(label)


def test_a_refusal_never_shows_the_address() -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address("mia.2012@nowhere")
    assert "mia" not in repr(refused.value) + str(refused.value)


@given(st.text(max_size=60) | st.emails())
def test_any_text_gives_an_address_or_a_code(text: str) -> None:
    with suppress(AddressRefused):
        assert read_address(text).isascii()


@given(st.emails())
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    try:
        stored = read_address(text)
    except AddressRefused:
        return
    assert read_address(stored) == stored
