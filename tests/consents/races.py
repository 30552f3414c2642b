"""Answers raced against each other, against the expiry and against second thoughts: two threads behind one barrier.

`python -m tests.consents.races 2000` runs the full number of each pair on both databases and prints what came of it.
On PostgreSQL the two threads belong to two servers.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

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
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.people import SIXTEEN, notice, sign_up
from tests.tokens.races import homes

Act = Callable[[House], object]
ENDS = {
    "granted superseded",  # one yes counts, the other guardian is told so
    "gone gone",  # a refusal, or an expiry, and everything was purged
}


@dataclass(slots=True)
class Findings:
    """What came of the rounds of one pair."""

    rounds: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Rounds that ended in no end there is, or in which both sides were told that they had won."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two acts on the two requests of a round's subject, and how to tell that both won."""

    ready: Callable[[Home, str], None]
    acts: Callable[[str, str], tuple[Act, Act]]
    both_won: frozenset[tuple[str, str]]


def answering(house: House) -> AnswerConsent:
    """The flow as the server builds it."""
    receipt = WriteReceipt(house.rules, house.digests, house.keys, house.entropy)
    withdraw = WithdrawConsent(house.rules, house.purge, house.announce, house.sticky, NoteConsentEvent(house.keys))
    return AnswerConsent(GrantConsent(receipt, house.announce), withdraw, house.purge, house.announce)


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


YES, NO = RequestState.GRANTED, RequestState.DECLINED
PAIRS = {
    "two guardians agree": Pair(
        open_as_asked,
        lambda one, two: (says(one, Answer.GRANT), says(two, Answer.GRANT)),
        frozenset({(YES, YES)}),
    ),
    "two guardians differ": Pair(
        open_as_asked,
        lambda one, two: (says(one, Answer.GRANT), says(two, Answer.DECLINE)),
        frozenset({(YES, NO)}),
    ),
    "answer and expiry": Pair(
        ending_soon,
        lambda one, _: (says(one, Answer.GRANT), expires(one)),
        frozenset({(YES, "expired")}),
    ),
    "confirm and withdraw": Pair(
        half_given,
        lambda one, _: (confirms(one), says(one, Answer.DECLINE)),
        frozenset({(YES, NO)}),
    ),
}


def asked(home: Home, subject: str, guardians: list[str]) -> list[str]:
    """A minor who waits, and the requests to its guardians."""
    sign_up(home, subject, SIXTEEN, assent=notice(home))
    path = f"/v1/subjects/{subject}/consent-requests"
    replies = [home.call("POST", path, {"guardian_email": who}, key=home.keys["game"]) for who in guardians]
    return [str(reply.json()["id"]) for reply in replies]


def race(home: Home, other: House, pair: Pair, name: str, findings: Findings) -> None:
    """One round on a subject of its own."""
    alone = pair.ready in {ending_soon, half_given}
    guardians = [f"{name}a@example.org"] if alone else [f"{name}a@example.org", f"{name}b@example.org"]
    requests = asked(home, name, guardians)
    pair.ready(home, requests[0])
    barrier, told = Barrier(2), ["", ""]

    def run(place: int, act: Act, house: House) -> None:
        barrier.wait()
        result = act(house)
        told[place] = str(result) if isinstance(result, str) else type(result).__name__

    acts = pair.acts(requests[0], requests[-1])
    sides = [(0, acts[0], home.house), (1, acts[1], other)]
    threads = [Thread(target=run, args=side) for side in (sides if findings.rounds % 2 else sides[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [home.house.store.read_now(lambda tx, row=row: request_by_id(tx, row)) for row in requests]  # type: ignore[misc]  # bound early
    end = " ".join(sorted(each.state if each else "gone" for each in left))
    findings.rounds += 1
    findings.ends[end] += 1
    findings.told[f"{told[0]} | {told[1]}"] += 1
    if (told[0], told[1]) in pair.both_won or "" in told or end not in ENDS | {"granted", "gone"}:
        findings.broken.append(f"{end}: {told}")


def run(home: Home, pair: str, rounds: int) -> Findings:
    """That many rounds of one pair."""
    alone = home.house.settings.database.startswith("sqlite")
    other = home.house if alone else open_house(home.house.settings, home.clock)
    findings = Findings()
    letters = "".join(word[0] for word in pair.split())
    for number in range(rounds):
        race(home, other, PAIRS[pair], f"{letters}{number}", findings)
    if not alone:
        other.close()
    return findings


def main(rounds: int) -> int:
    """Prints the findings; exit code 1 when anything slipped through."""
    broken = False
    with tempfile.TemporaryDirectory() as folder, homes(Path(folder)) as opened:
        for engine, home in opened.items():
            for pair in PAIRS:
                found = run(home, pair, rounds)
                broken = broken or bool(found.broken) or found.rounds != rounds
                print(f"{engine}, {pair}: {found}", flush=True)  # noqa: T201 - the findings are what this is for
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
