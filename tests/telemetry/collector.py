"""A collector of traces on loopback: takes OTLP over HTTP as any would, and keeps every byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What came, and where to send it."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[Span]:
        """Every span, in the order in which they came."""
        requests = (ExportTraceServiceRequest.FromString(body) for body in self.bodies)
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def resources(self) -> list[dict[str, str]]:
        """What the sender said of itself."""
        requests = (ExportTraceServiceRequest.FromString(body) for body in self.bodies)
        return [
            {each.key: each.value.string_value for each in resource.resource.attributes}
            for request in requests
            for resource in request.resource_spans
        ]


def facts(span: Span) -> dict[str, str | int]:
    """A span's attributes."""
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listens for as long as the context lasts."""
    there = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            there.paths.append(self.path)
            there.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    there.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield there
    server.shutdown()
    server.server_close()
