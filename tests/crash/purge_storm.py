"""Purges by the thousand with three holders each, while server and worker are killed again and again.

Nothing ordered may stay readable here, no living holder may miss an order or get it under two ids, and what a dead one
owes stays open and is told. `make purge-storm` runs 1,000 on each database; the suite runs a few.
"""

import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from agegate.clock import utc_now
from agegate.flows.register import HolderTerms
from tests import postgres
from tests.crash.holders import Endpoint, Orders, ports
from tests.crash.processes import ServerProcess
from tests.houses import SCOPES, Home, open_home

SEED, LEASE_SECONDS, DEADLINE = 20261122, 4, timedelta(seconds=20)
PATIENCE_SECONDS = 1800
ADULT = {"date_of_birth": "1990-05-04", "country": "US"}


@dataclass(slots=True)
class Findings:
    """What came of a storm."""

    purges: int
    kills: int = 0
    slowest_unreadable: float = 0.0
    still_readable: int = 0
    rows_left: int = 0
    delivered: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    two_ids: int = 0
    most_at_once: int = 0
    dead_open: int = 0
    escalated: int = 0
    certified: int = 0
    seconds: float = 0.0

    @property
    def faults(self) -> list[str]:
        """Everything that must not be."""
        wrong = {
            "readable after the decision": self.still_readable + self.rows_left,
            "later than 60 s": int(self.slowest_unreadable > 60),
            "orders missed": sum(self.purges - number for number in self.delivered.values()),
            "orders under two ids": self.two_ids,
            "dead legs not open": self.purges - self.dead_open,
            "dead legs not told": self.purges - self.escalated,
            "certified too early": self.certified,
            "more than four at once": int(self.most_at_once > 4),
        }
        return [f"{what}: {number}" for what, number in wrong.items() if number]


class Storm:
    """One server (and on PostgreSQL one worker beside it), three holders, and somebody who kills."""

    def __init__(self, folder: Path, database: str | None, purges: int, pause: tuple[float, float]) -> None:
        self.purges, self.pause, self.findings = purges, pause, Findings(purges)
        more = {"AGEGATE_ALLOW_LOOPBACK": "1", "AGEGATE_LEASE_SECONDS": str(LEASE_SECONDS)}
        self.apart = database is not None
        self.server = ServerProcess(folder, words=("--no-worker",) if self.apart else (), database=database, more=more)
        self.worker = ServerProcess(folder, port=self.server.port, database=database, more=more)
        self.chance, self.over = random.Random(SEED), threading.Event()  # noqa: S311 - when to kill, replayable
        given = {} if database is None else {"database_url": database}
        home = open_home(folder, utc_now(), **given)
        self.key, self.well, self.slow = self._register(home)
        self.database = home.house.settings.database
        home.house.close()
        self.acknowledged: dict[str, str] = {}

    def _register(self, home: Home) -> tuple[str, Orders, Orders]:
        home.register("game", "deepseek")
        key, base = home.key("game", *SCOPES), self.server.base
        self.ports = ports()
        names = ("well", "slow", "dead")
        terms = (HolderTerms(), HolderTerms(), HolderTerms(due_within=DEADLINE))
        keys = [
            home.register_holder("game", name, f"http://127.0.0.1:{port}/orders", terms=each)
            for name, port, each in zip(names, self.ports, terms, strict=True)
        ]
        return key, Orders(base, keys[0], "well"), Orders(base, keys[1], "slow", 0.3)

    def run(self) -> Findings:
        """The storm, its end, and what was found."""
        began, endpoints = time.monotonic(), [Endpoint(self.ports[0], self.well), Endpoint(self.ports[1], self.slow)]
        self._start()
        killer = threading.Thread(target=self._kill_again_and_again, daemon=True)
        killer.start()
        try:
            self._order_all()
            self._wait(lambda: len(self.well.ids) >= self.purges and len(self.slow.ids) >= self.purges)
            self.over.set()
            killer.join()
            self._wait(lambda: self._escalated() >= self.purges)
            self._look()
        finally:
            self.over.set()
            killer.join()
            self._stop()
            for endpoint in endpoints:
                endpoint.close()
        self.findings.seconds = round(time.monotonic() - began, 1)
        return self.findings

    def _start(self) -> None:
        self.server.start()
        if self.apart:
            self.worker.start_worker()

    def _stop(self) -> None:
        for process in (self.server, self.worker):
            if process.process is not None and process.process.poll() is None:
                process.kill()

    def _kill_again_and_again(self) -> None:
        while not self.over.wait(self.chance.uniform(*self.pause)):
            if self.apart and self.chance.random() < 0.5:
                self.worker.kill()
                self.worker.start_worker()
            else:
                self.server.kill()
                self.server.start()
            self.findings.kills += 1

    @contextmanager
    def _http(self) -> Iterator[httpx.Client]:
        bearer = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.server.base, headers=bearer, timeout=10, trust_env=False) as http:
            yield http

    def _order_all(self) -> None:
        with self._http() as http:
            for number in range(self.purges):
                subject = f"subject-{number:05}"
                self._until(http, "PUT", f"/v1/subjects/{subject}", ADULT, {200, 201})
                # A 404 says that the order before, whose answer was lost, was carried out.
                self._until(http, "DELETE", f"/v1/subjects/{subject}", None, {202, 404})
                decided = time.monotonic()
                seen = self._until(http, "GET", f"/v1/subjects/{subject}", None, {200, 404})
                took = time.monotonic() - decided
                self.findings.slowest_unreadable = max(self.findings.slowest_unreadable, round(took, 2))
                self.findings.still_readable += seen.json().get("decision") not in {"purged", None}

    def _until(self, http: httpx.Client, method: str, path: str, body: object, wanted: set[int]) -> httpx.Response:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                reply = http.request(method, path, json=body)
                if reply.status_code in wanted:
                    return reply
                assert reply.status_code >= 500, reply.text
            time.sleep(0.05)
        raise AssertionError(f"{method} was never answered")

    def _wait(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not done() and time.monotonic() < end:
            time.sleep(0.2)

    def _escalated(self) -> int:
        return self._count("SELECT count(*) FROM events WHERE type = 'purge.overdue' AND holder = 'dead'")

    def _count(self, question: str) -> int:
        engine = create_engine(self.database.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            found = int(connection.execute(text(question)).scalar_one())
        engine.dispose()
        return found

    def _look(self) -> None:
        found, both = self.findings, (self.well, self.slow)
        found.rows_left = self._count("SELECT count(*) FROM subjects")
        found.delivered = {each.name: len(each.ids) for each in both}
        found.two_ids = sum(len(set(ids)) > 1 for each in both for ids in each.ids.values())
        found.repeats = sum(len(ids) - 1 for each in both for ids in each.ids.values())
        found.most_at_once = max(each.most_at_once for each in both)
        dead = "SELECT count(*) FROM purge_legs WHERE holder = 'dead' AND state = 'queued' AND escalated_at IS NOT NULL"
        found.dead_open, found.escalated = self._count(dead), self._escalated()
        found.certified = self._count("SELECT count(*) FROM purges WHERE certificate IS NOT NULL OR state <> 'open'")


def main(purges: int) -> int:
    """Prints the findings on both databases; exit code 1 when a promise was broken."""
    broken = False
    with tempfile.TemporaryDirectory() as folder, postgres.server() as address:
        postgres.execute(f"{address}/postgres", "CREATE DATABASE storm")
        for name, database in (("sqlite", None), ("postgresql", f"{address}/storm")):
            place = Path(folder) / name
            place.mkdir()
            found = Storm(place, database, purges, (2.0, 6.0)).run()
            broken = broken or bool(found.faults)
            print(f"{name}: {found}\n  broken: {found.faults or 'nothing'}", flush=True)  # noqa: T201 - the findings
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
