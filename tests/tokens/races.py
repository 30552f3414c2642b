"""Withdrawals raced against tokens: a guardian takes back while a backend asks again and again, all released at once.

`python -m tests.tokens.races 2000` runs the full number on both databases and prints what came of it.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from agegate.clock import utc_now
from agegate.flows.forms import TokenForm
from agegate.flows.issue_token import Grant, IssueToken
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.note_consent_event import NoteConsentEvent
from agegate.flows.show_ages import ShowAges
from agegate.flows.withdraw_consent import WithdrawConsent, Withdrawn
from agegate.house import House, open_house
from agegate.rules.consent import SubjectState
from agegate.signing.status_list import Status
from agegate.store.consents import note_request, request_by_id
from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from agegate.store.records import Audience, Service
from agegate.store.registry import read_registry
from agegate.store.status_entries import entry_at
from agegate.store.subjects import change_subject
from agegate.store.transaction import Transaction
from tests import postgres
from tests.houses import Home, open_home
from tests.journeys.people import consented_minor

ASKED_PER_ROUND = 6
DICE = random.Random(6)  # noqa: S311 - who comes first, not a secret


@dataclass(slots=True)
class Findings:
    """What came of the rounds."""

    rounds: int = 0
    given: int = 0
    refused: int = 0
    late: int = 0
    """Tokens dated at or after the instant at which a withdrawal was known to be committed."""

    still_valid: int = 0
    """Tokens whose entry was not invalid after the withdrawal."""

    first: Counter[bool] = field(default_factory=Counter)
    """How many tokens had to take an entry, and how many had one."""


def issuing(house: House) -> IssueToken:
    """The flow as the server builds it."""
    ages = ShowAges(JudgeAgain(house.rules, house.vault))
    return IssueToken(house.rules, house.digests, house.entropy, ages, house.places, house.settings.public_issuer)


async def ask(
    house: House, service: Service, audience: str, findings: Findings, barrier: asyncio.Barrier
) -> tuple[datetime, Grant] | None:
    """What POST /v1/tokens does, with the instant that the token is dated by."""
    await barrier.wait()
    await asyncio.sleep(DICE.random() * 0.006)
    tokens, form, now = issuing(house), TokenForm("alex", audience), utc_now()
    plain = Audience(service.name, audience, [], pairwise=False)
    grant = await house.store.read(lambda tx: tokens.again(tx, service, form, plain, now))
    findings.first[grant is None] += 1
    if grant is None:
        grant = await house.store.write(lambda tx: tokens(tx, service, form, plain, now))
    if not isinstance(grant, Grant):
        findings.refused += 1
        return None
    return now, grant


async def take_back(house: House, request: str, barrier: asyncio.Barrier) -> datetime:
    """The withdrawal; returns when it was known to be committed."""
    await barrier.wait()
    await asyncio.sleep(DICE.random() * 0.004)
    flow = WithdrawConsent(house.rules, house.purge, house.announce, house.sticky, NoteConsentEvent(house.keys))
    done = await house.store.write(lambda tx: flow(tx, request, utc_now(), delete_now=False), urgent=True)
    assert isinstance(done, Withdrawn)
    return utc_now()


def consent_anew(tx: Transaction, request: str) -> None:
    """Puts everything back as it was before the withdrawal."""
    asked = request_by_id(tx, request)
    assert asked is not None
    note_request(tx, request, {"state": "granted", "delete_at": None})
    inside = {"state": SubjectState.CONSENTED, "consent_request": request}
    assert change_subject(tx, asked.subject_id, {SubjectState.CONSENT_REQUIRED}, inside)


async def race(house: House, other: House, request: str, service: Service, findings: Findings) -> None:
    """One round: half of them begin with an entry, half have to take one."""
    alone, barrier = asyncio.Barrier(1), asyncio.Barrier(ASKED_PER_ROUND + 1)
    if findings.rounds % 2:
        await ask(house, service, "chat", findings, alone)
    asks = [ask(DICE.choice([house, other]), service, "chat", findings, barrier) for _ in range(ASKED_PER_ROUND)]
    taking = asyncio.create_task(take_back(house, request, barrier))
    came = await asyncio.gather(*asks)
    ended = await taking
    late = await ask(other, service, "chat", findings, alone)
    for dated, grant in [each for each in (*came, late) if each is not None]:
        findings.given += 1
        findings.late += dated >= ended
        match grant.claims["status"]:
            case {"status_list": {"idx": int(index), "uri": str(uri)}}:
                seq = house.places.entry(int(uri.rpartition("/")[2]), index)
                entry = await house.store.read(lambda tx, seq=seq: entry_at(tx, seq))  # type: ignore[misc]  # bound early
                findings.still_valid += entry is None or entry.status != Status.INVALID
    findings.rounds += 1
    await house.store.write(lambda tx: consent_anew(tx, request))


def run(home: Home, rounds: int) -> Findings:
    """That many rounds. On PostgreSQL a second process's store asks as well."""
    request = consented_minor(home)
    service = home.house.store.read_now(read_registry).services["game"]
    alone = home.house.settings.database.startswith("sqlite")
    other = home.house if alone else open_house(home.house.settings, home.clock)
    findings = Findings()

    async def all_rounds() -> None:
        for _ in range(rounds):
            await race(home.house, other, request, service, findings)

    asyncio.run(all_rounds())
    if not alone:
        other.close()
    return findings


@contextmanager
def homes(folder: Path) -> Iterator[dict[str, Home]]:
    """A house on each engine."""
    with postgres.server() as address:
        postgres.execute(f"{address}/postgres", "CREATE DATABASE agegate_races")
        engine = open_engine(f"{address}/agegate_races")
        migrate(engine)
        engine.dispose()
        urls = {"sqlite": f"sqlite:///{folder}/races.sqlite3", "postgresql": f"{address}/agegate_races"}
        opened = {name: open_home(folder / name, database_url=url) for name, url in urls.items()}
        for home in opened.values():
            home.register("game", "deepseek")
        yield opened
        for home in opened.values():
            home.house.close()


def main(rounds: int) -> int:
    """Prints the findings; exit code 1 when anything slipped through."""
    broken = False
    with tempfile.TemporaryDirectory() as folder, homes(Path(folder)) as opened:
        for name, home in opened.items():
            found = run(home, rounds)
            broken = broken or bool(found.late or found.still_valid)
            print(f"{name}: {found}")  # noqa: T201 - the findings are what this program is for
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
