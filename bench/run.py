"""`make bench`: our signup and token refresh beside three peers, in interleaved rounds on one machine.

Prints a table and writes `docs/benchmarks.md` with ratios and a picture. Ratios are what counts: the machine is
shared and its absolute figures mean little.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.report import Row, publish
from bench.servers import Running, ours, peer
from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
SIGNUP = '{"date_of_birth":"1990-05-04","country":"US","audience":"chat"}'
CROWDS = (16, 64)
"""Connections that are kept busy at once."""

TOKEN = '{"subject":"seed-0-1","audience":"chat"}'


def load(target: Running, call: str, seconds: float, prefix: str, connections: int) -> dict[str, float]:
    """One round of the load against one server; ends the run if anything but 201 comes back."""
    plan = {
        "port": str(target.port),
        "key": target.key,
        "prefix": prefix,
        "seconds": str(seconds),
        "connections": str(connections),
        "method": "PUT" if call == "signup" else "POST",
        "path": "/v1/subjects/{subject}" if call == "signup" else "/v1/tokens",
        "body": SIGNUP if call == "signup" else TOKEN,
    }
    before = target.processor_seconds()
    ran = subprocess.run(
        [sys.executable, "-m", "bench.load", json.dumps(plan)], capture_output=True, check=True, cwd=ROOT
    )
    found = json.loads(ran.stdout)
    if set(found["statuses"]) != {"201"}:
        raise SystemExit(f"{target.name} answered {found['statuses']}")
    count = sum(found["statuses"].values())
    spent = target.processor_seconds() - before
    return {"rate": found["rate"], "p99_ms": found["p99_ms"], "cpu_us": 1e6 * spent / count}


def measure(servers: list[Running], rounds: int, seconds: float) -> list[Row]:
    """Interleaved rounds, so that a slow minute of the machine hits everybody."""
    for server in servers:
        load(server, "signup", 1.0, "seed", CROWDS[0])
    found: dict[tuple[str, str, int], list[dict[str, float]]] = {}
    for number in range(rounds):
        for server, call, connections in _plan(servers):
            result = load(server, call, seconds, f"r{number}-{connections}", connections)
            found.setdefault((server.name, call, connections), []).append(result)
            told = f"  round {number + 1} {server.name:24} {call:7} {connections:3} {result['rate']:8.0f}/s"
            print(told, file=sys.stderr, flush=True)
    return [Row.of(name, call, connections, results) for (name, call, connections), results in found.items()]


def _plan(servers: list[Running]) -> Iterator[tuple[Running, str, int]]:
    """Who is asked for what, by how many: signups by few and by many."""
    for connections in CROWDS:
        yield from ((server, "signup", connections) for server in servers)
    yield from ((server, "token", CROWDS[0]) for server in servers if server.has_tokens)


def main() -> None:
    """Both engines, one after the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--out", type=Path, default=None)
    chosen = options.parse_args()
    tables: dict[str, list[Row]] = {}
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="agegate-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for engine in ("SQLite", "PostgreSQL"):
            with ExitStack() as running:
                print(f"{engine}:", file=sys.stderr, flush=True)
                address = running.enter_context(postgres.server()) if engine == "PostgreSQL" else ""
                servers = [running.enter_context(server) for server in lineup(engine, folder, address)]
                tables[engine] = measure(servers, chosen.rounds, chosen.seconds)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    publish(tables, machine, chosen.out)


MODULES = {
    "empty": "bench.peers.empty",
    "floor": "bench.peers.floor.plain",
    "floor in one statement": "bench.peers.floor.in_one",
    "handwritten": "bench.peers.handwritten.app",
    "handwritten async": "bench.peers.handwritten.app_async",
}
WITHOUT_TOKENS = {"empty", "floor in one statement"}
ONLY_POSTGRESQL = {"floor in one statement", "handwritten async"}


def lineup(engine: str, folder: Path, address: str) -> list[Running]:
    """Every server of one engine, each with a database of its own."""
    places = {}
    for name in ("ours", *(name for name in MODULES if engine == "PostgreSQL" or name not in ONLY_POSTGRESQL)):
        slug = name.replace(" ", "_")
        if engine == "SQLite":
            places[name] = f"sqlite:///{folder}/{slug}.sqlite3"
        else:
            postgres.execute(f"{address}/postgres", f"CREATE DATABASE {slug}")
            places[name] = f"{address}/{slug}"
    mine = ours(places.pop("ours"), folder / engine)
    peers = (peer(name, MODULES[name], place, tokens=name not in WITHOUT_TOKENS) for name, place in places.items())
    return [mine, *peers]


if __name__ == "__main__":
    main()
