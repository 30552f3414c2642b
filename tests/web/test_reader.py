"""Size, media type and encoding of a body, before anybody looks into it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agegate.web.edge import Edge
from agegate.web.reader import MAX_BYTES, read_form, read_json, read_query
from tests.web.asking import ISSUER, ask


async def echo_json(request: Request) -> Response:
    return JSONResponse(await read_json(request))


async def echo_form(request: Request) -> Response:
    return JSONResponse(dict(await read_form(request)))


async def echo_query(request: Request) -> Response:
    return JSONResponse(dict(read_query(request)))


APP = Edge(
    [
        Route("/json", echo_json, methods=["POST"]),
        Route("/form", echo_form, methods=["POST"]),
        Route("/query", echo_query),
    ],
    issuer=ISSUER,
)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("stated", [JSON, "Application/JSON", f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"'])
def test_json_in_utf_8_is_read(stated: str) -> None:
    answer = ask(APP, "POST", "/json", headers={"content-type": stated}, content=b'{"a":"\xc3\xa4"}')
    assert (answer.status_code, answer.json()) == (200, {"a": "ä"})


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("content-type", "")],
        [("content-type", "text/plain")],
        [("content-type", "application/jsonx")],
        [("content-type", f"{JSON}; charset=utf-16")],
        [("content-type", f"{JSON}; charset=utf-8; charset=utf-16")],
        [("content-type", "multipart/form-data; boundary=x")],
        [("content-type", FORM)],
        [("content-type", JSON), ("content-type", JSON)],
        [("content-type", JSON), ("content-encoding", "gzip")],
        [("content-type", JSON), ("content-encoding", "br, gzip")],
    ],
)
def test_another_type_or_encoding_is_415(headers: list[tuple[str, str]]) -> None:
    answer = ask(APP, "POST", "/json", headers=headers, content=b"{}")
    assert (answer.status_code, answer.json()["title"]) == (415, "Wrong content type")


@pytest.mark.parametrize("body", [b"{", b"", b'{"a":NaN}'])
def test_malformed_json_is_400_with_its_code(body: bytes) -> None:
    answer = ask(APP, "POST", "/json", headers={"content-type": JSON}, content=body)
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("", "malformed_json")]


def test_a_root_array_is_422_at_the_root() -> None:
    answer = ask(APP, "POST", "/json", headers={"content-type": JSON}, content=b"[]")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "")


def test_a_body_of_64_kib_is_read() -> None:
    body = b'{"a":"' + b"x" * (MAX_BYTES - 8) + b'"}'
    assert ask(APP, "POST", "/json", headers={"content-type": JSON}, content=body).status_code == 200


def test_one_byte_more_is_413_by_its_announced_length_alone() -> None:
    async def never_read() -> dict[str, object]:
        raise AssertionError("the body was read")

    headers = [(b"content-type", b"application/json"), (b"content-length", str(MAX_BYTES + 1).encode())]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive=never_read)
    with pytest.raises(Exception, match="64 KiB"):
        asyncio.run(read_json(request))


def test_an_endless_body_is_413_at_the_cap_and_the_connection_closes() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 4096
            yield b" " * 4096

    answer = ask(APP, "POST", "/json", headers={"content-type": JSON}, content=endless())
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert sent <= 3 * MAX_BYTES


def test_a_form_is_read() -> None:
    answer = ask(APP, "POST", "/form", headers={"content-type": FORM}, content=b"answer=grant&nonce=a%2Bb+c&empty=")
    assert answer.json() == {"answer": "grant", "nonce": "a+b c", "empty": ""}


@pytest.mark.parametrize(
    ("stated", "body", "status"),
    [
        (FORM, b"answer=grant&answer=decline", 400),
        (FORM, b"answer=%ff", 400),
        (FORM, b"a=\xff", 400),
        (FORM, b"&".join(b"a%d=1" % number for number in range(65)), 400),
        (FORM, b"a=" + b"x" * MAX_BYTES, 413),
        (JSON, b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
    ],
)
def test_a_form_that_must_be_guessed_at_is_refused(stated: str, body: bytes, status: int) -> None:
    assert ask(APP, "POST", "/form", headers={"content-type": stated}, content=body).status_code == status


def test_an_empty_form_has_no_fields() -> None:
    assert ask(APP, "POST", "/form", headers={"content-type": FORM}, content=b"").json() == {}


def test_a_query_parameter_that_stands_twice_is_400() -> None:
    assert ask(APP, "GET", "/query?a=1&a=2").status_code == 400


def test_query_parameters_are_read() -> None:
    assert ask(APP, "GET", "/query?country=US&region=US-CA").json() == {"country": "US", "region": "US-CA"}
