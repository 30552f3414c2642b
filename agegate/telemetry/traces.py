"""Traces for whoever collects them: a span for each request, each batch of the store and each act of the worker.

Owns what a span may say: words of ours and numbers, as in the metrics; never a path, an address, an exception's text or
anything a caller sent, so callers' trace ids are not taken over either. Sending is the SDK's, on a thread of its own;
nothing of OpenTelemetry is imported unless `open_traces` is asked for a collector.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, TypeVar

from agegate.store.line import Line
from agegate.store.records import AgendaItem

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import SpanKind

T = TypeVar("T")
Seen = Callable[[str, str, int, float, str], None]
LOG: Final = logging.getLogger("agegate.traces")
NEEDED: Final = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
PATIENCE_SECONDS: Final = 3.0
"""How long one sending may take, repetitions included: the end of the process waits for the last."""

MISTAKE: Final = 500
SECOND: Final = 1_000_000_000
Facts = dict[str, str | int]


class Traces:
    """Makes finished spans; nobody waits for them to be sent."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind, Status, StatusCode

        self._provider, self._tracer = provider, provider.get_tracer("agegate")
        self._nowhere, self._kinds = Context(), SpanKind
        self._failed = Status(StatusCode.ERROR)

    def seeing(self, seen: Seen) -> Seen:
        """The same telling of finished requests, and a span of each."""

        def both(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
            seen(method, route, status, seconds, request_id)
            facts: Facts = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
            facts["agegate.request"] = request_id
            self._ended(f"{method} {route}", self._kinds.SERVER, seconds, facts, failed=status >= MISTAKE)

        return both

    def watch(self, line: Line) -> None:
        """A span of each batch that the line serves from now on."""
        line.batches.also = self._batch

    def acting(
        self, acts: Mapping[str, Callable[[AgendaItem, datetime], Awaitable[T]]]
    ) -> dict[str, Callable[[AgendaItem, datetime], Awaitable[T]]]:
        """The same acts, each with a span of what it did."""
        return {kind: self._act(str(kind), act) for kind, act in acts.items()}

    def close(self) -> None:
        """Sends what waits, for a few seconds at most, and ends."""
        self._provider.shutdown()

    def _act(
        self, kind: str, act: Callable[[AgendaItem, datetime], Awaitable[T]]
    ) -> Callable[[AgendaItem, datetime], Awaitable[T]]:
        async def watched(item: AgendaItem, now: datetime) -> T:
            began, came = time.perf_counter(), "cancelled"
            try:
                outcome = await act(item, now)
                came = type(outcome).__name__.lower()
            except Exception as fault:
                came = type(fault).__name__
                raise
            finally:
                facts: Facts = {"agegate.kind": kind, "agegate.attempt": item.attempts, "agegate.outcome": came}
                seconds = time.perf_counter() - began
                self._ended(f"act {kind}", self._kinds.INTERNAL, seconds, facts, failed=came not in {"done", "later"})
            return outcome

        return watched

    def _batch(self, line: str, units: int, began: float) -> None:
        facts: Facts = {"agegate.line": line, "agegate.units": units}
        self._ended(f"batch {line}", self._kinds.INTERNAL, time.perf_counter() - began, facts)

    def _ended(self, name: str, kind: "SpanKind", seconds: float, facts: Facts, *, failed: bool = False) -> None:
        end = time.time_ns()
        start = end - int(seconds * SECOND)
        span = self._tracer.start_span(name, self._nowhere, kind, facts, start_time=start)
        if failed:
            span.set_status(self._failed)
        span.end(end)


def open_traces(endpoint: str | None) -> Traces | None:
    """Traces to that collector (OTLP over HTTP); None where nobody collects, or where the extra is not installed."""
    if not endpoint:
        return None
    try:
        missing = [name for name in NEEDED if find_spec(name) is None]
    except ModuleNotFoundError:  # its parent is not there either
        missing = list(NEEDED)
    if missing:
        LOG.warning("traces-not-installed")
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # The resource names the program alone: the SDK's detectors would tell command lines and people's names of hosts.
    provider = TracerProvider(resource=Resource({SERVICE_NAME: "agegate"}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=PATIENCE_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Traces(provider)
