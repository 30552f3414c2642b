"""How a server or a worker is watched: metrics on a listener of its own, and traces where somebody collects them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import start_faults

if TYPE_CHECKING:
    from agegate.settings import Settings
    from agegate.store.store import Store
    from agegate.telemetry.scrape import Scrape
    from agegate.telemetry.traces import Traces

COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""OpenTelemetry's own name for a collector's address; the SDK reads its others (headers, certificates) by itself."""

MetricsPort = Annotated[
    int | None, typer.Option(help="Tell /metrics and /livez also on this port.", min=1, max=65535, show_default=False)
]
MetricsHost = Annotated[str, typer.Option(help="Where to; beyond loopback only with AGEGATE_METRICS_TOKEN.")]


@contextmanager
def watched(scrape: "Scrape", chosen: "Settings", host: str, port: int | None) -> Iterator[None]:
    """Listens for as long as the context lasts, if a port was asked for."""
    if port is None:
        yield
        return
    from agegate.telemetry.listener import listening

    token = chosen.metrics_token.get_secret_value() if chosen.metrics_token else None
    with start_faults(), listening(scrape, host, port, token):
        yield


@contextmanager
def traced(store: "Store") -> "Iterator[Traces | None]":
    """Traces for as long as the context lasts, if a collector is named; what waits is sent at its end."""
    endpoint = os.environ.get(COLLECTOR)
    if not endpoint:
        yield None
        return
    from agegate.telemetry.traces import open_traces

    traces = open_traces(endpoint)
    if traces is None:
        yield None
        return
    for line in store.lines:
        traces.watch(line)
    try:
        yield traces
    finally:
        traces.close()
