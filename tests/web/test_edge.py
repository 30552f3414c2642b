"""What the edge adds to every answer, and how it answers what goes wrong."""

import asyncio
import re

import pytest
from starlette.types import Message

from agegate.web.edge import Edge
from agegate.web.security_headers import EVERYWHERE
from tests.web.asking import ISSUER, ask
from tests.web.edge_app import APP, LOOPBACK, PLAIN, ROUTES, SECRET, DatabaseGone


async def silent() -> Message:
    """A client that sends nothing more."""
    return {"type": "http.disconnect"}


EVERY_KIND = [
    ("GET", "/fine", 200),
    ("GET", "/nothing", 404),
    ("GET", "/%00", 404),
    ("GET", "/%ff%fe", 404),
    ("GET", "/%zz", 404),
    ("GET", "/..%2f..%2fetc%2fpasswd", 404),
    ("GET", "//v1", 404),
    ("GET", "/fine/", 404),
    ("GET", "/fine%0A", 404),
    ("GET", "/v1/things/", 404),
    ("POST", "/fine", 405),
    ("TRACE", "/fine", 405),
    ("GET", f"/mistake/{SECRET}", 500),
    ("GET", f"/gone/{SECRET}", 503),
    ("GET", "/v1/consent", 403),
    ("GET", "/v1/keys", 401),
    ("GET", "/g/unknown", 404),
    ("GET", "/" + "x" * 8200, 414),
    ("GET", "/fine?" + "x" * 8200, 414),
]


@pytest.mark.parametrize(("method", "path", "status"), EVERY_KIND)
def test_every_kind_of_answer_carries_the_security_headers(method: str, path: str, status: int) -> None:
    answer = ask(APP, method, path)
    assert answer.status_code == status
    expected = EVERYWHERE | {"Referrer-Policy": answer.headers["referrer-policy"]}
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == expected
    assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "server" not in answer.headers


@pytest.mark.parametrize(("method", "path", "status"), [row for row in EVERY_KIND if row[2] >= 400])
def test_every_error_is_a_problem_or_a_page(method: str, path: str, status: int) -> None:
    answer = ask(APP, method, path)
    if path.startswith("/g/"):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["status"], answer.json()["errors"]) == (status, [])
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", answer.json()["instance"])


def test_an_answer_may_bring_its_own_caching_and_referrer_policy() -> None:
    headers = ask(APP, "GET", "/own").headers
    assert (headers["cache-control"], headers["referrer-policy"]) == ("public, max-age=300", "same-origin")


def test_hsts_is_not_promised_without_tls() -> None:
    assert "strict-transport-security" not in ask(PLAIN, "GET", "/fine", base=LOOPBACK).headers


def test_a_database_that_is_away_is_503_with_a_time_to_retry() -> None:
    answer = ask(APP, "GET", f"/gone/{SECRET}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_an_answer_that_has_begun_is_not_answered_again() -> None:
    sent: list[Message] = []

    async def note(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/half/x",
        "query_string": b"",
        "headers": [(b"host", b"age.example")],
    }
    with pytest.raises(ValueError, match="/half/x"):
        asyncio.run(APP(scope, silent, note))
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_a_database_that_may_not_be_believed_shuts_what_speaks_of_subjects(caplog: pytest.LogCaptureFixture) -> None:
    async def in_doubt() -> None:
        raise DatabaseGone

    app = Edge(ROUTES, issuer=ISSUER, unavailable=[DatabaseGone], require_current=in_doubt)
    statuses = [ask(app, "GET", path).status_code for path in ("/fine", "/g/x", "/nothing", "/livez")]
    assert statuses == [503, 503, 503, 404]
    assert [record.msg for record in caplog.records if record.name == "agegate.web"] == ["unavailable"] * 3


def test_405_names_every_method_of_the_address() -> None:
    assert ask(APP, "DELETE", "/v1/things/x").headers["allow"] == "GET, HEAD, PUT"


def test_401_says_how_to_authenticate() -> None:
    assert ask(APP, "GET", "/v1/keys").headers["www-authenticate"] == 'Bearer realm="agegate"'
