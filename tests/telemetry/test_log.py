"""Nothing reaches the log but what is listed, whoever says it and however."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import orjson
import pytest
import structlog

from agegate.app import web_app, worker
from agegate.flows.due import Due
from agegate.telemetry.events import EVENTS
from agegate.telemetry.lines import MOST_WAITING, Door, Lines
from agegate.telemetry.process_log import PROCESS_LOG
from agegate.telemetry.rendering import Listed, as_json, as_text
from agegate.telemetry.requests import Requests
from agegate.worker.loop import name_of
from tests.houses import ISSUER, Home
from tests.privacy.canaries import BORN, CHILD, GUARDIAN, NAME, SUBJECT, told
from tests.privacy.test_nothing_leaks import JOURNEYS, Journey

CANARIES = (BORN, CHILD, GUARDIAN, NAME, SUBJECT)
FIELDS = sorted({field for fields in EVENTS.values() for field in fields})


class Written:
    """A log of one's own, and what it wrote."""

    def __init__(self, render: Callable[[], object] = as_json) -> None:
        self.text = ""
        listed = Listed()
        listed.know(routes=["/v1/subjects/{subject}"], kinds=Due)
        self.lines = Lines(listed, as_json() if render is as_json else as_text(), self._take)

    def _take(self, text: str) -> None:
        self.text += text

    def all(self) -> list[dict[str, object]]:
        """Every line, once all is written."""
        self.lines.close()
        return [orjson.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    """Everything that is logged in the test goes to one log."""
    there = Written()
    door, root = Door(there.lines), logging.getLogger()
    root.addHandler(door)
    yield there
    root.removeHandler(door)


def _hand_in(message: str, canary: str) -> None:
    # Not through a logger, since the test runner's own handler stumbles over a call with wrong arguments.
    record = logging.LogRecord("agegate.web", logging.ERROR, __file__, 1, message, (canary,), None)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, Door):
            handler.handle(record)


def plain(canary: str) -> None:
    logging.getLogger("agegate.web").error("a message about %s", canary)


def as_event(canary: str) -> None:
    logging.getLogger("agegate.web").error(canary)


def with_arguments(canary: str) -> None:
    _hand_in("unexpected", canary)


def in_an_exception(canary: str) -> None:
    try:
        int(canary)
    except ValueError:
        logging.getLogger("agegate.web").exception("unexpected")


def by_a_library(canary: str) -> None:
    logging.getLogger("uvicorn.error").error("GET /g/%s HTTP/1.1", canary)


def by_a_logger_of_that_name(canary: str) -> None:
    logging.getLogger(canary).error("x")


def as_an_exception_of_a_library(canary: str) -> None:
    logging.getLogger("uvicorn.error").error(OSError(98, canary))


def by_structlog(canary: str) -> None:
    log = structlog.wrap_logger(logging.getLogger("agegate.web"), processors=[structlog.stdlib.render_to_log_kwargs])
    log.error("unexpected", request=canary, subject=canary)


def by_a_broken_call(canary: str) -> None:
    _hand_in("unexpected %d %s", canary)


WAYS = [
    plain,
    as_event,
    with_arguments,
    in_an_exception,
    by_a_library,
    by_a_logger_of_that_name,
    as_an_exception_of_a_library,
    by_structlog,
    by_a_broken_call,
]


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_of_logging_lets_a_value_out(written: Written, way: Callable[[str], None], canary: str) -> None:
    way(canary)
    assert len(written.all()) == 1
    assert not told(canary, written.text.encode())


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("event", EVENTS)
def test_no_field_of_any_event_takes_a_persons_value(written: Written, event: str, canary: str) -> None:
    taken = {"name", "msg", "args", "lineno"}
    logging.getLogger("agegate.web").error(event, extra={f: canary for f in FIELDS if f not in taken})
    assert [line["event"] for line in written.all()] == [event]
    assert not told(canary, written.text.encode())


@pytest.mark.parametrize("journey", JOURNEYS)
def test_no_line_of_a_journey_says_it(sqlite_home: Home, written: Written, journey: Journey) -> None:
    sqlite_home.app = web_app(sqlite_home.house, with_worker=False, write=written.lines.put)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    journey(sqlite_home)
    logging.getLogger().setLevel(level)
    assert any(line["event"] == "request" for line in written.all())
    assert [canary for canary in CANARIES if told(canary, written.text.encode())] == []


def test_an_exception_of_a_library_is_told_by_its_class_and_number(written: Written) -> None:
    as_an_exception_of_a_library(ISSUER)
    line = written.all()[0]
    assert {name: line[name] for name in ("event", "level", "source", "fault", "errno")} == {
        "event": "unlisted",
        "level": "error",
        "source": "uvicorn",
        "fault": "OSError",
        "errno": "EADDRINUSE",
    }


def test_a_chore_that_fails_is_told_by_its_name_and_the_class_of_its_fault(sqlite_home: Home) -> None:
    chores = [name_of(chore) for chore in worker(sqlite_home.house).chores]
    listed = PROCESS_LOG._listed  # noqa: SLF001 - what this process may say
    told_of = [listed.of_event("chore-failed", {"kind": name, "fault": ValueError}, "error", "") for name in chores]
    assert [(line["kind"], line["fault"]) for line in told_of] == [(name, "ValueError") for name in chores]


def test_a_request_is_one_line() -> None:
    log = Written()
    request_id = "0b5f0a52-6f5c-4d57-8f0e-0242ac120002"
    Requests(log.lines.put)("PUT", "/v1/subjects/{subject}", 201, 0.00312, request_id)
    line = log.all()[0]
    assert str(line.pop("at")).endswith("Z")
    assert line == {
        "level": "info",
        "event": "request",
        "method": "PUT",
        "route": "/v1/subjects/{subject}",
        "status": 201,
        "ms": 3.1,
        "request": request_id,
    }


def test_a_route_that_is_no_template_of_ours_is_left_out() -> None:
    log = Written()
    Requests(log.lines.put)("PUT", f"/v1/subjects/{SUBJECT}", 201, 0.00312, "")
    assert not {"route", "request"} & log.all()[0].keys()


def test_for_people_a_request_reads_in_one_glance() -> None:
    log = Written(as_text)
    Requests(log.lines.put)("PUT", "/v1/subjects/{subject}", 201, 0.00312, "")
    log.lines.close()
    assert log.text[13:] == "info    request PUT /v1/subjects/{subject} 201 3.1\n"


def test_a_log_that_nobody_takes_drops_lines_and_says_how_many() -> None:
    gate, taken = threading.Event(), []

    def slow(text: str) -> None:
        gate.wait(10)
        taken.append(text)

    lines = Lines(Listed(), as_json(), slow)
    line = ("GET", "-", 200, 0.001, "")
    lines.put(line)
    while lines._waiting:  # noqa: SLF001 - until the thread has taken the first and stands at the gate
        time.sleep(0.01)
    for _ in range(MOST_WAITING + 7):
        lines.put(line)
    gate.set()
    lines.close()
    assert (lines.dropped, '"lines":7' in "".join(taken)) == (7, True)


def test_a_reader_that_went_away_does_not_end_the_log() -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError(text)

    lines = Lines(Listed(), as_json(), gone)
    lines.put(("GET", "-", 200, 0.001, ""))
    lines.close()
    assert lines.dropped == 1


CRASH = """
import threading
from agegate.telemetry.process_log import PROCESS_LOG
PROCESS_LOG.begin("json", "info")
PROCESS_LOG.catch_crashes()
def crash():
    raise ValueError({canary!r})
thread = threading.Thread(target=crash)
thread.start()
thread.join()
crash()
"""


def test_a_crash_is_told_by_class_and_place_without_its_text() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CRASH.format(canary=BORN)], capture_output=True, text=True, check=False, timeout=60
    )
    crashes = [orjson.loads(line) for line in ran.stderr.splitlines()]
    assert [(line["event"], line["fault"]) for line in crashes] == [("crashed", "ValueError")] * 2
    assert BORN not in ran.stderr
