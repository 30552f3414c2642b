"""The guardian's cookie, the form's nonce and the origin of a form."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from agegate.web.cookies import (
    GuardianCookie,
    Kind,
    clear_cookie,
    cookie_name,
    form_nonce,
    nonce_matches,
    open_cookie,
    origin_allowed,
    read_cookie,
    seal_cookie,
    set_cookie,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
COOKIE = GuardianCookie("answer", "01jd8xk3m9", NOW + timedelta(hours=1))
SEALED = seal_cookie(KEY, COOKIE)
TLS, PLAIN = "https://age.example", "http://127.0.0.1:8000"


def request_with(*headers: tuple[str, str]) -> Request:
    return Request({"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers]})


@pytest.mark.parametrize("kind", ["answer", "manage"])
def test_a_sealed_cookie_opens_to_what_was_sealed(kind: Kind) -> None:
    cookie = GuardianCookie(kind, "01jd8xk3m9", NOW + timedelta(hours=1))
    assert open_cookie(KEY, seal_cookie(KEY, cookie), NOW) == cookie


@pytest.mark.parametrize(("seconds", "opens"), [(-1, True), (0, False), (1, False)])
def test_a_cookie_opens_until_the_second_it_ends(seconds: int, opens: bool) -> None:
    at = COOKIE.expires_at + timedelta(seconds=seconds)
    assert (open_cookie(KEY, SEALED, at) is not None) == opens


@pytest.mark.parametrize("place", range(len(SEALED)))
def test_a_cookie_with_any_character_changed_does_not_open(place: int) -> None:
    other = "B" if SEALED[place] == "A" else "A"
    assert open_cookie(KEY, SEALED[:place] + other + SEALED[place + 1 :], NOW) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        ".",
        "...",
        SEALED + "=",
        SEALED[:-1],
        " " + SEALED,
        SEALED + "\n",
        SEALED.replace("answer", "manage"),
        "ä",
    ],
)
def test_a_cookie_of_another_form_does_not_open(value: str) -> None:
    assert open_cookie(KEY, value, NOW) is None


def test_a_cookie_of_another_key_does_not_open() -> None:
    assert open_cookie(OTHER_KEY, SEALED, NOW) is None


@given(st.text(max_size=120))
def test_no_made_up_text_opens(text: str) -> None:
    assert open_cookie(KEY, text, NOW) is None


def test_a_nonce_matches_its_own_cookie_and_purpose() -> None:
    assert nonce_matches(KEY, SEALED, "answer", form_nonce(KEY, SEALED, "answer"))


@pytest.mark.parametrize(
    "nonce",
    [
        "",
        "ä\ud800",
        form_nonce(KEY, SEALED, "withdraw"),
        form_nonce(OTHER_KEY, SEALED, "answer"),
        form_nonce(KEY, seal_cookie(KEY, GuardianCookie("answer", "another", COOKIE.expires_at)), "answer"),
        SEALED.rpartition(".")[2],
    ],
)
def test_a_nonce_of_another_form_session_or_key_does_not_match(nonce: str) -> None:
    assert not nonce_matches(KEY, SEALED, "answer", nonce)


def test_the_cookie_is_host_bound_secure_and_hidden_from_scripts() -> None:
    answer = Response()
    set_cookie(answer, TLS, SEALED, 3600)
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name == f"__Host-guardian={SEALED}"
    assert set(attributes) == {"HttpOnly", "Max-Age=3600", "Path=/", "SameSite=lax", "Secure"}


def test_on_plain_loopback_the_cookie_has_no_secure_and_no_prefix() -> None:
    answer = Response()
    set_cookie(answer, PLAIN, SEALED, 3600)
    assert answer.headers["set-cookie"].startswith("guardian=")
    assert "Secure" not in answer.headers["set-cookie"]


def test_a_cookie_that_is_taken_back_ends_at_once() -> None:
    answer = Response()
    clear_cookie(answer, TLS)
    assert answer.headers["set-cookie"].startswith('__Host-guardian=""; ')
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.parametrize("issuer", [TLS, PLAIN])
def test_the_cookie_is_read_back_by_its_name_only(issuer: str) -> None:
    request = request_with(("cookie", f"{cookie_name(issuer)}={SEALED}; other=1"))
    assert read_cookie(request, issuer) == SEALED


def test_a_cookie_without_the_prefix_is_not_taken_with_tls() -> None:
    assert read_cookie(request_with(("cookie", f"guardian={SEALED}")), TLS) is None


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("origin", TLS)],
        [("origin", TLS), ("sec-fetch-site", "same-origin")],
        [("sec-fetch-site", "none")],
    ],
)
def test_a_form_of_our_own_page_is_allowed(headers: list[tuple[str, str]]) -> None:
    assert origin_allowed(request_with(*headers), TLS)


@pytest.mark.parametrize(
    "headers",
    [
        [("origin", "null")],
        [("origin", "")],
        [("origin", "https://evil.example")],
        [("origin", "http://age.example")],
        [("origin", "https://age.example:8443")],
        [("origin", "https://age.example.evil.example")],
        [("origin", TLS), ("origin", "https://evil.example")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", TLS), ("sec-fetch-site", "cross-site")],
    ],
)
def test_a_form_of_another_site_is_not_allowed(headers: list[tuple[str, str]]) -> None:
    assert not origin_allowed(request_with(*headers), TLS)


def test_a_path_in_the_issuer_is_no_part_of_the_origin() -> None:
    assert origin_allowed(request_with(("origin", TLS)), f"{TLS}/gate")
