"""Whether an answer of the API tells what is known of a guardian's address: by its bytes, or by the time it takes.

`python -m tests.consents.telling 500` asks that often for each kind of address on both databases, over real HTTP, and
prints what it measured. The kinds take turns in a changing order, so that whatever slows the machine hits them alike.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter_ns

import httpx

from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.stop_request import StopRequest
from agegate.rules.consent import Stop
from tests import postgres
from tests.houses import Hands, Json
from tests.journeys.people import SIXTEEN, notice
from tests.tokens.live import Live, listening

KINDS = ("fresh", "known", "silent", "often")
"""Never seen; guardian of another child; never to be written to again; written to a minute ago."""

VARIES = re.compile(rb'"[0-9a-z]{26}"|"\d{4}-\d\d-\d\dT[0-9:.]+Z"')
PATH = "/v1/subjects/{}/consent-requests"


@dataclass(slots=True)
class Told:
    """What the answers to one kind of address were like."""

    spent: list[int] = field(default_factory=list)
    shapes: set[tuple[object, ...]] = field(default_factory=set)


def address(kind: str, number: int) -> str:
    """Addresses of every kind are equally long."""
    return f"{kind:_<6}{number:05}@example.org"


def shape_of(reply: httpx.Response) -> tuple[object, ...]:
    """All of an answer but ids and times: status, the names and lengths of its headers in order, its body."""
    headers = tuple((name, len(value)) for name, value in reply.headers.items())
    return reply.status_code, headers, VARIES.sub(b'""', reply.content), len(reply.content)


def ask(live: Live, subject: str, guardian: str) -> httpx.Response:
    """POST …/consent-requests over the wire."""
    return live.client.post(PATH.format(subject), json={"guardian_email": guardian})


def measure(live: Live, rounds: int) -> dict[str, Told]:
    """Makes every address what its kind says, then asks in turns."""
    assent = notice(live.home)
    for kind in KINDS[1:3]:
        for number in range(rounds):
            met_before(live, kind, number, assent)
    live.home.clock.move(hours=2)
    for number in range(rounds):
        met_before(live, "often", number, assent)
    live.home.clock.move(minutes=1)
    for kind in KINDS:
        for number in range(rounds):
            wait_for_guardian(live, f"{kind}-{number:05}", assent)
    told = {kind: Told() for kind in KINDS}
    dice = Random(1)  # noqa: S311 - an order, no secret
    for number in range(rounds):
        for kind in dice.sample(KINDS, len(KINDS)):
            began = perf_counter_ns()
            reply = ask(live, f"{kind}-{number:05}", address(kind, number))
            told[kind].spent.append(perf_counter_ns() - began)
            told[kind].shapes.add(shape_of(reply))
    return told


def met_before(live: Live, kind: str, number: int, assent: Json) -> None:
    """Another child named that address; where the kind is silent, its reader said never again."""
    subject = f"{kind}-before-{number:05}"
    wait_for_guardian(live, subject, assent)
    request = ask(live, subject, address(kind, number)).json()["id"]
    if kind == "silent":
        house, now = live.home.house, live.home.clock()
        stop = StopRequest(house.vault, house.digests, EndUndeliverable(house.announce))
        house.store.write_now(lambda tx: stop(tx, request, Stop.NEVER_AGAIN, now))


def wait_for_guardian(live: Live, subject: str, assent: Json) -> None:
    """A minor who waits."""
    body: Json = {"date_of_birth": SIXTEEN, "country": "US", "assent": assent}
    assert live.client.put(f"/v1/subjects/{subject}", json=body).json()["decision"] == "consent_required"


def chance(first: list[int], second: list[int]) -> float:
    """How often a draw of the first is slower than one of the second: 0.5 where they cannot be told apart."""
    ranked = sorted([(each, 0) for each in first] + [(each, 1) for each in second])
    ranks = sum(place for place, (_, side) in enumerate(ranked, 1) if side == 0)
    return (ranks - len(first) * (len(first) + 1) / 2) / (len(first) * len(second))


def chances(told: dict[str, Told]) -> dict[tuple[str, str], float]:
    """The chance of every pair of kinds."""
    pairs = [(first, second) for first in KINDS for second in KINDS if first < second]
    return {(first, second): chance(told[first].spent, told[second].spent) for first, second in pairs}


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    """An empty database of each kind."""
    yield "SQLite", f"sqlite:///{folder / 'telling.sqlite3'}"
    with postgres.server() as server:
        postgres.execute(f"{server}/postgres", "DROP DATABASE IF EXISTS telling", "CREATE DATABASE telling")
        yield "PostgreSQL", f"{server}/telling"


def main(rounds: int) -> None:
    """Prints medians, chances and how many different answers there were."""
    with tempfile.TemporaryDirectory() as folder:
        for engine, url in databases(Path(folder)):
            with listening(Path(folder) / engine, url, Hands()) as live:
                told = measure(live, rounds)
            say(engine, told)


def say(engine: str, told: dict[str, Told]) -> None:
    """The figures of one engine."""
    middles = ", ".join(f"{kind} {median(told[kind].spent) / 1e6:.3f} ms" for kind in KINDS)
    different = len(set[tuple[object, ...]]().union(*(each.shapes for each in told.values())))
    slower = ", ".join(f"{first}/{second} {found:.3f}" for (first, second), found in chances(told).items())
    lines = (
        f"{engine}: {len(told[KINDS[0]].spent)} of each kind; medians {middles}",
        f"  how often the first is slower than the second: {slower}",
        f"  different answers, ids and times apart: {different}",
    )
    print("\n".join(lines), flush=True)  # noqa: T201 - the figures are what this is for


if __name__ == "__main__":
    main(int(sys.argv[1]))
