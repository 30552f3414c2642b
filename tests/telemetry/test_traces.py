"""What a collector gets: a span for each request, batch and act, in words of ours; and nothing unless asked for."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from agegate.app import web_app, worker
from agegate.flows.due import Due
from agegate.store.records import AgendaItem
from agegate.telemetry.traces import Traces, open_traces
from tests.crash.processes import ServerProcess
from tests.houses import Home
from tests.journeys.people import SIXTEEN, sign_up
from tests.privacy.canaries import BORN, CHILD, GUARDIAN, NAME, SUBJECT, told
from tests.privacy.test_nothing_leaks import JOURNEYS, Journey
from tests.telemetry.collector import Collector, collecting, facts

CANARIES = (BORN, CHILD, GUARDIAN, NAME, SUBJECT)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as there:
        yield there


def opened(collector: Collector) -> Traces:
    """Traces to that collector."""
    traces = open_traces(collector.url)
    assert traces is not None
    return traces


def traced(home: Home, traces: Traces) -> None:
    """Has a house traced as the commands do it."""
    for line in home.house.store.lines:
        traces.watch(line)
    home.app = web_app(home.house, with_worker=False, traces=traces)


def lived(home: Home, collector: Collector) -> None:
    """A minor signs up, and a guardian is asked by mail."""
    traces = opened(collector)
    traced(home, traces)
    sign_up(home, SUBJECT, SIXTEEN)
    path = f"/v1/subjects/{SUBJECT}/consent-requests"
    home.call("POST", path, {"guardian_email": GUARDIAN}, key=home.keys["game"])
    asyncio.run(worker(home.house, traces).until_idle())
    traces.close()


def test_requests_batches_and_acts_are_spans(sqlite_home: Home, collector: Collector) -> None:
    lived(sqlite_home, collector)
    names = {span.name for span in collector.spans()}
    wanted = {"PUT /v1/subjects/{subject}", "POST /v1/subjects/{subject}/consent-requests", "act request.mail"}
    assert wanted | {f"batch {line.batches.line}" for line in sqlite_home.house.store.lines} <= names
    assert set(collector.paths) == {"/v1/traces"}


def test_a_span_says_what_it_lists_and_no_more(sqlite_home: Home, collector: Collector) -> None:
    lived(sqlite_home, collector)
    spans = {span.name: span for span in collector.spans()}
    put, act = facts(spans["PUT /v1/subjects/{subject}"]), facts(spans["act request.mail"])
    assert len(str(put.pop("agegate.request"))) == 36
    assert put == {
        "http.request.method": "PUT",
        "http.route": "/v1/subjects/{subject}",
        "http.response.status_code": 201,
    }
    assert act == {"agegate.kind": "request.mail", "agegate.attempt": 1, "agegate.outcome": "done"}
    assert collector.resources()[0] == {"service.name": "agegate"}


def test_a_span_lasts_as_long_as_what_it_tells(sqlite_home: Home, collector: Collector) -> None:
    before = time.time_ns()
    lived(sqlite_home, collector)
    after = time.time_ns()
    assert all(before <= each.start_time_unix_nano <= each.end_time_unix_nano <= after for each in collector.spans())


@pytest.mark.parametrize("journey", JOURNEYS)
def test_no_span_of_a_journey_says_it(sqlite_home: Home, collector: Collector, journey: Journey) -> None:
    traces = opened(collector)
    traced(sqlite_home, traces)
    journey(sqlite_home)
    traces.close()
    assert collector.spans() != []
    assert [canary for canary in CANARIES for body in collector.bodies if told(canary, body)] == []


def test_an_act_that_fails_is_told_by_the_class_of_its_fault(collector: Collector) -> None:
    async def act(item: AgendaItem, now: datetime) -> None:
        raise ValueError(f"{item.ref} was born on {BORN}, {now}")

    traces = opened(collector)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    item = AgendaItem("i", Due.EVENT, "r", now, now, 3)

    async def scene() -> None:
        await traces.acting({Due.EVENT: act})[Due.EVENT](item, now)

    with pytest.raises(ValueError, match="was born"):
        asyncio.run(scene())
    traces.close()
    (span,) = collector.spans()
    assert facts(span)["agegate.outcome"] == "ValueError"
    assert (span.status.code, span.status.message, list(span.events)) == (Status.STATUS_CODE_ERROR, "", [])
    assert BORN.encode() not in collector.bodies[0]


def test_a_collector_that_is_gone_holds_nobody_up() -> None:
    traces = open_traces("http://127.0.0.1:9")
    assert traces is not None
    seen: list[str] = []
    traces.seeing(lambda *told: seen.append(told[1]))("GET", "/livez", 200, 0.001, "")
    began = time.monotonic()
    traces.close()
    assert (seen, time.monotonic() - began < 10) == (["/livez"], True)


def test_a_served_process_sends_them(tmp_path: Path, collector: Collector) -> None:
    server = ServerProcess(tmp_path, more={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
    server.start()
    httpx.get(f"{server.base}/v1/nowhere/{SUBJECT}", trust_env=False)
    server.stop()
    names = {span.name for span in collector.spans()}
    assert {"GET /livez", "GET -"} <= names
    assert not told(SUBJECT, b"".join(collector.bodies))


NOT_ASKED = """
import sys
import agegate.app
from agegate.cli.watching import traced
from agegate.telemetry.traces import open_traces
assert open_traces(None) is None
with traced(None) as traces:
    assert traces is None
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""
NOT_INSTALLED = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
from agegate.telemetry.traces import open_traces
print([open_traces("http://127.0.0.1:4318")])
"""


@pytest.mark.parametrize(("program", "said"), [(NOT_ASKED, "[]"), (NOT_INSTALLED, "[None]")])
def test_nothing_is_imported_where_nobody_collects_or_can(program: str, said: str) -> None:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout.strip()) == (0, said), ran.stderr
