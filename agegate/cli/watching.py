"""The options by which a server or a worker tells its metrics on a listener of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import start_faults

if TYPE_CHECKING:
    from agegate.settings import Settings
    from agegate.telemetry.scrape import Scrape

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
