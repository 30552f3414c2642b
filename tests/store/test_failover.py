"""The database's machine is gone and its standby takes over: nothing acknowledged is lost, and the way is found."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from tests import postgres
from tests.houses import Home, furnished

PATIENCE = 30.0
MINOR = {"date_of_birth": "2010-05-04", "country": "US"}


@pytest.fixture
def servers() -> Iterator[tuple[postgres.Cluster, postgres.Cluster]]:
    with postgres.pair() as both:
        yield both


@pytest.fixture
def home_of_both(tmp_path: Path, servers: tuple[postgres.Cluster, postgres.Cluster]) -> Iterator[Home]:
    """A house that knows the addresses of both."""
    primary, standby = servers
    postgres.execute(f"{primary.address}/postgres", "CREATE DATABASE house")
    both = f"postgresql://owner@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/house"
    engine = open_engine(both)
    migrate(engine)
    engine.dispose()
    yield from furnished(tmp_path, both)


def signed_up(home: Home, subject: str) -> httpx.Response:
    return home.call("PUT", f"/v1/subjects/{subject}", MINOR, key=home.keys["game"])


def test_after_a_failover_signups_go_on_and_nothing_acknowledged_is_lost(
    home_of_both: Home, servers: tuple[postgres.Cluster, postgres.Cluster]
) -> None:
    home, (primary, standby) = home_of_both, servers
    before = [signed_up(home, f"minor-{number}").status_code for number in range(20)]
    primary.stop(signal.SIGQUIT)
    between = signed_up(home, "between")
    postgres.execute(f"{standby.address}/postgres", "SELECT pg_promote()")
    after, end = signed_up(home, "after"), time.monotonic() + PATIENCE
    while after.status_code == 503 and time.monotonic() < end:
        time.sleep(0.1)
        after = signed_up(home, "after")
    assert ({*before}, between.status_code, after.status_code) == ({201}, 503, 201)
    kept = [home.call("GET", f"/v1/subjects/minor-{number}", key=home.keys["game"]) for number in range(20)]
    assert {reply.status_code for reply in kept} == {200}
