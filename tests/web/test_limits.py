"""Which requests are turned away before any route sees them."""

import pytest

from agegate.web.hosts import AllowedHosts
from agegate.web.limits import is_acceptable
from tests.web.asking import ISSUER, Headers, ask
from tests.web.edge_app import APP, LOOPBACK


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "age.example.evil.example",
        "evil.age.example",
        "age.example:8443",
        "good@age.example",
        "age.example/x?y=",
        "age.example, evil.example",
        "age.example.",
        "",
        " ",
        "age.example:",
        "[age.example]",
        "[age]",
        "127.0.0.1:",
        "a\u0131ge.example".encode().decode("latin-1"),
    ],
)
def test_another_host_is_refused(host: str) -> None:
    assert not AllowedHosts.of(ISSUER, {"127.0.0.1"}).admit(host)


@pytest.mark.parametrize(
    "host",
    ["age.example", "AGE.example", "age.example:443", "127.0.0.1", "127.0.0.1:9", "[::1]:9", "localhost"],
)
def test_the_issuers_host_and_loopback_are_taken(host: str) -> None:
    assert AllowedHosts.of(ISSUER, {"127.0.0.1", "::1", "localhost"}).admit(host)


def test_an_issuer_with_a_port_is_only_called_by_that_port() -> None:
    hosts = AllowedHosts.of(LOOPBACK)
    assert [hosts.admit(host) for host in ("127.0.0.1:8000", "127.0.0.1:8001", "127.0.0.1")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("host", "evil.example")], 400),
        ([("host", "age.example"), ("host", "age.example")], 400),
        ([("host", "age.example"), ("host", "evil.example")], 400),
        ([("authorization", "Bearer a"), ("authorization", "Bearer b")], 400),
        ([("x-long", "x" * 16_400)], 431),
        ([(f"x-{number}", "y") for number in range(101)], 431),
        ([("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")], 200),
    ],
)
def test_headers_that_cannot_be_right_are_refused_at_the_door(headers: Headers, status: int) -> None:
    assert ask(APP, "GET", "/fine", headers=headers).status_code == status


def test_a_request_without_a_host_is_refused() -> None:
    async def hostless(scope: object, receive: object, send: object) -> None:
        assert isinstance(scope, dict)
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"host"]
        await APP(scope, receive, send)  # type: ignore[arg-type]  # handed through unchanged

    assert ask(hostless, "GET", "/fine").status_code == 400


@pytest.mark.parametrize(
    ("accepted", "status"),
    [
        ("text/xml", 406),
        ("text/html, image/*", 406),
        ("application/xml", 406),
        ("*/*", 200),
        ("application/json;q=0.9", 200),
        ("text/html, */*;q=0.1", 200),
    ],
)
def test_an_api_call_that_cannot_be_answered_acceptably_is_406(accepted: str, status: int) -> None:
    assert ask(APP, "GET", "/v1/things/x", headers={"accept": accepted}).status_code == status


def test_no_accept_header_accepts_all() -> None:
    assert is_acceptable("")
