"""What anybody may read, and the headers that stand on every answer."""

import pytest

from agegate.web.security_headers import EVERYWHERE
from tests.houses import Home

JWKS = "/.well-known/jwks.json"


def test_the_key_set_says_nothing_private(still: Home) -> None:
    assert {name for key in still.call("GET", JWKS).json()["keys"] for name in key} == {
        *("kty", "crv", "x", "y", "use", "alg", "kid"),
    }


def test_the_key_set_may_be_kept_and_read_by_any_page(still: Home) -> None:
    headers = still.call("GET", JWKS).headers
    assert headers["cache-control"].startswith("public, max-age=")
    assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_an_unchanged_key_set_is_not_sent_again(still: Home, form: str) -> None:
    tag = still.call("GET", JWKS).headers["etag"]
    again = still.call("GET", JWKS, headers={"If-None-Match": form.format(tag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_changed_key_set_is_sent(still: Home) -> None:
    assert still.call("GET", JWKS, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_configuration_leads_to_the_key_set(still: Home) -> None:
    told = still.call("GET", "/.well-known/agegate-configuration").json()
    assert (told["jwks_uri"].removeprefix(told["issuer"]), told["token_type"]) == (JWKS, "agestatus+jwt")


def test_each_problem_has_its_page_at_its_type(still: Home) -> None:
    kind = still.call("GET", "/v1/events").json()["type"]
    assert still.call("GET", kind.removeprefix("http://127.0.0.1:8000")).text.startswith("A live API key is needed")


def test_a_request_has_a_name_that_the_problem_repeats(still: Home) -> None:
    reply = still.call("GET", "/v1/events")
    assert reply.json()["instance"] == f"urn:uuid:{reply.headers['x-request-id']}"


ANSWERS = [
    ("GET", "/livez", 200),
    ("GET", "/v1/requirements?country=US", 200),
    ("GET", "/v1/subjects/nobody", 404),
    ("GET", "/nowhere", 404),
    ("PATCH", "/v1/tokens", 405),
    ("POST", "/v1/tokens", 415),
    ("GET", "/g/x", 404),
    ("GET", "/guardian", 404),
    ("POST", "/guardian", 403),
    ("GET", JWKS, 200),
    ("GET", "/static/guardian.css", 200),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_the_headers_of_the_house_stand_on_every_answer(still: Home, method: str, path: str, status: int) -> None:
    reply = still.call(method, path, key=still.keys["game"])
    assert (reply.status_code, set(map(str.lower, EVERYWHERE)) - set(reply.headers)) == (status, set())


@pytest.mark.parametrize(
    ("method", "path", "status"), [answer for answer in ANSWERS if answer[1] not in {JWKS, "/static/guardian.css"}]
)
def test_no_answer_about_anybody_is_kept(still: Home, method: str, path: str, status: int) -> None:
    reply = still.call(method, path, key=still.keys["game"])
    assert (reply.status_code, reply.headers["cache-control"]) == (status, "no-store")


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_no_answer_names_the_software_behind_it(still: Home, method: str, path: str, status: int) -> None:
    reply = still.call(method, path, key=still.keys["game"])
    told = f"{reply.headers} {reply.text}".lower()
    assert (reply.status_code, [name for name in ("starlette", "uvicorn", "sqlite", "traceback") if name in told]) == (
        status,
        [],
    )


def test_requirements_name_the_notice_by_its_digest(still: Home) -> None:
    path = "/v1/requirements?country=US&locale="
    notices = [still.call("GET", path + tag, key=still.keys["game"]).json()["notice"] for tag in ("en", "xx", "EN-gb")]
    assert notices == [notices[0]] * 3


@pytest.mark.parametrize("country", ["NO", "NA", "XK", "DE", "AQ"])
def test_every_country_has_requirements(still: Home, country: str) -> None:
    told = still.call("GET", f"/v1/requirements?country={country}", key=still.keys["scan"]).json()
    assert (told["country"], bool(told["rules"])) == (country, True)
