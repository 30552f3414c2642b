"""What is written down about a request, and what never is."""

import logging
import re
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

import pytest

from agegate.telemetry.rendering import Listed
from agegate.web.access_log import new_request_id
from agegate.web.edge import Edge
from tests.web.asking import ISSUER, ask
from tests.web.edge_app import APP, ROUTES, SECRET


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, str | int | float]]:
    """What the log says of the records, after its allow-list."""
    listed = Listed()
    return [listed.of_record(record, "now") for record in caplog.records if record.name == "agegate.web"]


def test_a_mistake_tells_neither_caller_nor_log_what_it_was_about(caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(APP, "GET", f"/mistake/{SECRET}")
    told = logged(caplog)[0]
    assert SECRET not in answer.text + str(told)
    assert (told["event"], told["fault"]) == ("unexpected", "ValueError")
    assert re.match(r"edge_app\.py:\d+ < ", str(told["place"]))


def test_the_log_names_the_instance_that_the_caller_got(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        instance = ask(APP, "GET", f"/mistake/{SECRET}").json()["instance"]
    assert f"urn:uuid:{logged(caplog)[0]['request']}" == instance


def told_of(method: str, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> list[tuple[str, str, int]]:
    """What is told of one request, but its time and id."""
    told: list[tuple[str, str, int]] = []

    def seen(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        assert (seconds > 0, len(request_id)) == (True, 36)
        told.append((method, route, status))

    app = Edge(ROUTES, issuer=ISSUER, loopback_names={"127.0.0.1"}, seen=seen)
    ask(app, method, path, headers=headers)
    return told


def test_method_template_status_and_time_are_told_of_a_request_only() -> None:
    told = told_of("GET", f"/v1/things/{SECRET}?email=mia@example.org", {"x-secret": SECRET})
    assert told == [("GET", "/v1/things/{secret}", 200)]


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", f"/{SECRET}", ("GET", "-", 404)),
        (SECRET, "/fine", ("OTHER", "/fine", 405)),
        ("GET", f"/mistake/{SECRET}", ("GET", "/mistake/{secret}", 500)),
        ("GET", f"/half/{SECRET}", ("GET", "/half/{secret}", 200)),
    ],
)
def test_nothing_a_caller_chose_is_told(method: str, path: str, told: tuple[str, str, int]) -> None:
    assert told_of(method, path) == [told]


@pytest.mark.parametrize("drawn", [bytes([byte]) * 16 for byte in range(0, 256, 15)])
def test_the_id_of_a_request_is_a_random_uuid(drawn: bytes) -> None:
    assert new_request_id(lambda _: drawn) == str(UUID(bytes=drawn, version=4))


def test_two_requests_have_two_ids() -> None:
    ids = {ask(APP, "GET", "/fine").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


def test_an_id_that_the_caller_sends_is_not_taken() -> None:
    answer = ask(APP, "GET", "/fine", headers={"x-request-id": SECRET})
    assert answer.headers["x-request-id"] != SECRET
