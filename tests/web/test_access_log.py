"""What is written down about a request, and what never is."""

import logging
import re

import pytest

from tests.web.asking import ask
from tests.web.edge_app import APP, SECRET


def test_a_mistake_tells_neither_caller_nor_log_what_it_was_about(caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(APP, "GET", f"/mistake/{SECRET}")
    logged = "".join(record.getMessage() for record in caplog.records if record.name == "agegate.web")
    assert SECRET not in answer.text + logged
    assert re.search(r"unexpected urn:uuid:\S+ ValueError at edge_app\.py:\d+", logged)


def test_the_log_names_the_instance_that_the_caller_got(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        instance = ask(APP, "GET", f"/mistake/{SECRET}").json()["instance"]
    assert instance in caplog.text


def test_the_access_log_knows_method_template_status_and_time_only(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "agegate.access"):
        ask(APP, "GET", f"/v1/things/{SECRET}?email=mia@example.org", headers={"x-secret": SECRET})
    lines = [record.getMessage() for record in caplog.records if record.name == "agegate.access"]
    assert len(lines) == 1
    assert re.fullmatch(r"GET /v1/things/\{secret\} 200 \d+ ms", lines[0])


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", f"/{SECRET}", "GET - 404"),
        (SECRET, "/fine", "OTHER /fine 405"),
        ("GET", f"/mistake/{SECRET}", "GET /mistake/{secret} 500"),
    ],
)
def test_nothing_a_caller_chose_reaches_the_access_log(
    method: str, path: str, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "agegate.access"):
        ask(APP, method, path)
    lines = [record.getMessage() for record in caplog.records if record.name == "agegate.access"]
    assert [written.rpartition(" ")[0].rpartition(" ")[0] for written in lines] == [line]


def test_two_requests_have_two_ids() -> None:
    ids = {ask(APP, "GET", "/fine").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


def test_an_id_that_the_caller_sends_is_not_taken() -> None:
    answer = ask(APP, "GET", "/fine", headers={"x-request-id": SECRET})
    assert answer.headers["x-request-id"] != SECRET
