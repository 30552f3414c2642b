"""Answers raced against each other, against the expiry and against second thoughts: two threads behind one barrier.

`python -m tests.consents.races 2000` runs the full number of each pair on both databases and prints what came of it.
On PostgreSQL the two threads belong to two servers; on SQLite half of the rounds race inside one server, half of them
against a command beside it.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.confirm_consent import ConfirmConsent
from agegate.flows.grant_consent import GrantConsent
from agegate.flows.let_expire import LetExpire
from agegate.flows.note_consent_event import NoteConsentEvent
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.flows.write_receipt import WriteReceipt
from agegate.house import House, open_house
from agegate.rules.consent import Answer, RequestState
from agegate.store.consents import note_request, request_by_id
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction
from tests.consents.released import Ran, released, side_by_side
from tests.houses import ISSUER, Home, Json
from tests.journeys.people import SIXTEEN, notice
from tests.tokens.races import homes

Act = Callable[[House], object]
WON = {"granted", "declined", "expired"}
"""What a side is told when its act is the one that counts."""

AT_ONCE = 50
"""Subjects made ready together, so that most of the time goes into the races."""


@dataclass(slots=True)
class Findings:
    """What came of the rounds of one pair."""

    rounds: int = 0
    side_by_side: int = 0
    """Rounds in which each act began before the other had ended."""

    ends: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Rounds with no winner or two, or that ended otherwise than the winner was told."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two acts on the requests to a subject's guardians, and the only two ends there are."""

    guardians: int
    ready: Callable[[Home, str], None]
    acts: Callable[[str, str], tuple[Act, Act]]
    yes: str
    """How the requests and the subject stand once a yes counted; otherwise everything was purged."""


def answering(house: House) -> AnswerConsent:
    """The flow as the server builds it."""
    receipt = WriteReceipt(house.rules, house.digests, house.keys, house.entropy)
    withdraw = WithdrawConsent(house.rules, house.purge, house.announce, house.sticky, NoteConsentEvent(house.keys))
    return AnswerConsent(
        GrantConsent(receipt, house.announce, house.settle.consent), withdraw, house.purge, house.announce
    )


def says(request: str, answer: Answer) -> Act:
    """A guardian's answer, the moment before the question ends."""

    def act(house: House) -> object:
        flow, now = answering(house), house.clock()
        return house.store.write_now(lambda tx: flow(tx, request, answer, now))

    return act


def confirms(request: str) -> Act:
    """The second step."""

    def act(house: House) -> object:
        flow, now = ConfirmConsent(house.rules, answering(house).grant), house.clock()
        return house.store.write_now(lambda tx: flow(tx, request, now))

    return act


def expires(request: str) -> Act:
    """The end of the question's time, a moment later."""

    def act(house: House) -> object:
        flow = LetExpire(house.purge, house.announce, house.settle)
        late = house.clock() + timedelta(seconds=1)

        def run(tx: Transaction) -> str:
            flow.request(tx, request, late)
            found = request_by_id(tx, request)
            return "expired" if found is None or found.state == RequestState.EXPIRED else "left"

        return house.store.write_now(run)

    return act


def open_as_asked(home: Home, request: str) -> None:
    """Nothing happened yet."""
    del home, request


def ending_soon(home: Home, request: str) -> None:
    """The question ends within the second; the other one is over."""
    soon = home.clock() + timedelta(seconds=1)
    home.house.store.write_now(lambda tx: note_request(tx, request, {"expires_at": soon}))


def half_given(home: Home, request: str) -> None:
    """The guardian said yes and may confirm now."""
    half = {"state": RequestState.CONFIRMING, "confirm_at": home.clock()}
    home.house.store.write_now(lambda tx: note_request(tx, request, half))


PAIRS = {
    "two guardians agree": Pair(
        2, open_as_asked, lambda one, two: (says(one, Answer.GRANT), says(two, Answer.GRANT)), "granted superseded"
    ),
    "two guardians differ": Pair(
        2, open_as_asked, lambda one, two: (says(one, Answer.GRANT), says(two, Answer.DECLINE)), "granted superseded"
    ),
    "answer and expiry": Pair(1, ending_soon, lambda one, _: (says(one, Answer.GRANT), expires(one)), "granted"),
    "confirm and withdraw": Pair(1, half_given, lambda one, _: (confirms(one), says(one, Answer.DECLINE)), "granted"),
}


async def asked(home: Home, subjects: list[str], guardians: int) -> dict[str, list[str]]:
    """Minors who wait, and the requests to their guardians."""
    bearer, seen = {"Authorization": f"Bearer {home.keys['game']}"}, await asyncio.to_thread(notice, home)
    transport = httpx.ASGITransport(app=home.app)
    async with httpx.AsyncClient(transport=transport, base_url=ISSUER, headers=bearer) as client:

        async def ask(subject: str) -> list[str]:
            path = f"/v1/subjects/{subject}"
            born: Json = {"date_of_birth": SIXTEEN, "country": "US", "assent": seen}
            await client.put(path, json=born)
            mails = [f"{subject}-{number}@example.org" for number in range(guardians)]
            replies = [await client.post(f"{path}/consent-requests", json={"guardian_email": mail}) for mail in mails]
            return [str(reply.json()["id"]) for reply in replies]

        return dict(zip(subjects, await asyncio.gather(*map(ask, subjects)), strict=True))


def standing(tx: Transaction, requests: list[str], subject: str) -> str:
    """Where the requests and their subject are now."""
    rows, person = [request_by_id(tx, row) for row in requests], subject_by_id(tx, subject)
    states = sorted(row.state if row else "gone" for row in rows)
    return f"{' '.join(states)}: {person.state if person else 'gone'}"


def race(home: Home, other: House, pair: Pair, requests: list[str], pool: ThreadPoolExecutor) -> tuple[Ran, Ran, str]:
    """One round on a subject of its own, and how it ended."""
    store, first = home.house.store, requests[0]
    row = store.read_now(lambda tx: request_by_id(tx, first))
    assert row is not None
    pair.ready(home, first)
    one, two = pair.acts(first, requests[-1])
    sides = released(pool, partial(one, home.house), partial(two, other))
    return *sides, store.read_now(lambda tx: standing(tx, requests, row.subject_id))


def note(findings: Findings, pair: Pair, one: Ran, two: Ran, end: str) -> None:
    """Adds a round to the findings."""
    told = [str(each.result) if isinstance(each.result, str) else type(each.result).__name__ for each in (one, two)]
    won = [each for each in told if each in WON]
    gone = f"{' '.join(['gone'] * pair.guardians)}: gone"
    findings.rounds += 1
    findings.side_by_side += side_by_side(one, two)
    findings.ends[end] += 1
    findings.told[" | ".join(told)] += 1
    if len(won) != 1 or end != (f"{pair.yes}: consented" if won == ["granted"] else gone):
        findings.broken.append(f"{end}, {told}")


def run(home: Home, name: str, rounds: int) -> Findings:
    """That many rounds of one pair."""
    pair, findings = PAIRS[name], Findings()
    beside = open_house(home.house.settings, home.clock)
    others = [home.house, beside] if home.house.alone else [beside]
    letters = "".join(word[0] for word in name.split())
    with ThreadPoolExecutor(2) as pool:
        for start in range(0, rounds, AT_ONCE):
            names = [f"{letters}{number}" for number in range(start, min(start + AT_ONCE, rounds))]
            for number, requests in enumerate(asyncio.run(asked(home, names, pair.guardians)).values()):
                note(findings, pair, *race(home, others[number % len(others)], pair, requests, pool))
    beside.close()
    return findings


def main(rounds: int) -> int:
    """Prints the findings; exit code 1 when anything slipped through."""
    broken = False
    with tempfile.TemporaryDirectory() as folder, homes(Path(folder)) as opened:
        for engine, home in opened.items():
            for pair in PAIRS:
                began, found = time.monotonic(), run(home, pair, rounds)
                broken = broken or bool(found.broken) or found.rounds != rounds
                print(f"{engine}, {pair}, {time.monotonic() - began:.0f} s: {found}", flush=True)  # noqa: T201 - the findings are what this is for
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
