"""Due work: how fast the worker finishes it beside a plain outbox, and what a sweep costs among many subjects."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from agegate.app import worker
from agegate.house import open_house
from agegate.settings import load_settings
from bench.figure import Figure
from bench.peers import outbox
from bench.scale.seed import ADULT, announce, fall_due
from bench.servers import ROOT, Running, free_port, ours, processor_seconds, purged, signed_up

SWEPT = 200
BUSY = (
    "four workers, the receiver and the database fill both cores, and one worker beside two busy loops needs 1.1 to "
    "1.3 times its own processor time, too."
)


def sweep_seconds(server: Running, number: int) -> float:
    """How long the worker takes for what fell due among all."""
    fall_due(server.environment["AGEGATE_DATABASE_URL"], 1 + number * SWEPT, SWEPT)
    return _worked(server)


def _worked(server: Running) -> float:
    """Seconds until nothing is due, by a worker in this process."""
    environment = server.environment
    database, data = environment["AGEGATE_DATABASE_URL"], environment["AGEGATE_DATA"]
    house = open_house(load_settings(data=data, database_url=database, allow_loopback=True))
    try:
        began = time.monotonic()
        asyncio.run(worker(house).until_idle())
        return time.monotonic() - began
    finally:
        house.close()


def work(address: str, folder: Path, items: int) -> list[Figure]:
    """Webhooks of events to one receiver: ours with one worker and with four, and the plain outbox."""
    with receiver() as url:
        server = ours(f"{address}/due", folder / "due", worker=False, webhook=url)
        with server:
            signed_up(server, ADULT, "1990-05-04")
            purged(server, ADULT)
        _worked(server)  # the certificate tells the service: the event that is copied
        plain = _plain(f"{address}/plain", url, items)
        told = _count(url)
        one = _ours(server, f"{address}/due", 1, items)
        four = _ours(server, f"{address}/due", 4, items)
        after = _count(url)
    if after["ids"] - told["ids"] < 2 * items:
        raise SystemExit(f"of {2 * items} events {after['ids'] - told['ids']} arrived")
    twice = (after["calls"] - told["calls"]) - (after["ids"] - told["ids"])
    return [
        Figure("due work finished per second, one worker against the plain outbox, PostgreSQL", one[0] / plain, 1),
        Figure("processor time per item, four workers against one", four[1] / one[1], 1.15, less=True, why=BUSY),
        Figure("items done twice", twice, 0, less=True),
    ]


def _plain(address: str, url: str, items: int) -> float:
    outbox.prepare(address, url, items)
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "bench.peers.outbox", address], check=True, cwd=ROOT)
    return items / (time.monotonic() - began)


def _ours(server: Running, address: str, workers: int, items: int) -> tuple[float, float]:
    """Items a second, and processor seconds for each."""
    settings = os.environ | server.environment
    running = [
        subprocess.Popen([sys.executable, "-m", "agegate", "worker"], env=settings, cwd=ROOT, stderr=subprocess.DEVNULL)
        for _ in range(workers)
    ]
    try:
        time.sleep(4)
        before = sum(processor_seconds(each.pid) for each in running)
        announce(address, workers, items)
        began = time.monotonic()
        _until_empty(address)
        took = time.monotonic() - began
        return items / took, (sum(processor_seconds(each.pid) for each in running) - before) / items
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(timeout=30)


def _until_empty(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as db:
        while db.execute("SELECT 1 FROM agenda WHERE due_at <= now() LIMIT 1").fetchone() is not None:
            time.sleep(0.02)


@contextmanager
def receiver() -> Iterator[str]:
    """The webhook's address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.scale.receiver", str(port)], cwd=ROOT)
    try:
        time.sleep(1.5)
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _count(url: str) -> dict[str, int]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return dict(json.loads(answer.read()))
