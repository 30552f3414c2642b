"""Rotations under load: two servers that are not in lockstep sign, a caching verifier checks, the clock runs ahead.

`python -m tests.tokens.rotations 50` runs the full number and prints what came of it.
"""

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from agegate.flows.rotate_keys import Rotated, RotateKeys
from agegate.house import House, open_house
from agegate.signing.strict_jws import JsonValue
from agegate.signing.verify import Kind
from agegate.verifier import TokenRefused, Verifier
from tests.houses import Hands
from tests.tokens.live import Live, listening
from tests.verifier.reading import header_of

CHAT = "https://chat.example"
LEAD = timedelta(minutes=10)
SKEW = timedelta(seconds=0.7)
DICE = random.Random(7)  # noqa: S311 - how far the clock jumps, not a secret


@dataclass(slots=True)
class Findings:
    """What came of it."""

    checked: int = 0
    kids: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    unpublished: int = 0


@dataclass(frozen=True, slots=True)
class Lagging:
    """A second process of the same installation; its clock and its copy of the keys are its own."""

    house: House
    clock: Hands

    @classmethod
    def beside(cls, live: Live) -> "Lagging":
        """The same database and keys, 0.7 s behind."""
        clock = live.home.clock
        return cls(open_house(live.home.house.settings, lambda: clock() - SKEW), clock)

    async def token(self) -> str:
        """A token by the key that this process holds for active."""
        now = self.clock() - SKEW
        signer, seconds = await self.house.keys.signer(), int(now.timestamp())
        claims: dict[str, JsonValue] = {
            "aud": CHAT, "sub": "bob", "iat": seconds, "nbf": seconds, "exp": seconds + 600, "jti": "j",
            "age_decision": "allowed", "age_method": "self_declared", "policy": "deepseek@1",
        }  # fmt: skip
        return signer.sign(Kind.AGE_STATUS, claims)


def check(live: Live, checker: Verifier, token: str, findings: Findings) -> None:
    """Verified as downstream does, and held against what is published at this moment."""
    kid = header_of(token)["kid"]
    published = {key["kid"] for key in live.client.get("/.well-known/jwks.json").json()["keys"]}
    findings.unpublished += kid not in published
    findings.kids.add(kid)
    try:
        checker.check(token)
    except TokenRefused as refused:
        findings.refused[refused.reason] += 1
    findings.checked += 1


def load(live: Live, checker: Verifier, stop: threading.Event, findings: Findings) -> None:
    """Asks and checks until it is told to stop."""
    while not stop.is_set():
        check(live, checker, live.token("ada"), findings)


def load_beside(live: Live, checker: Verifier, stop: threading.Event, findings: Findings) -> None:
    """The same with the tokens of a second process."""
    beside = Lagging.beside(live)

    async def run() -> None:
        while not stop.is_set():
            token = await beside.token()
            await asyncio.to_thread(check, live, checker, token, findings)

    asyncio.run(run())
    beside.house.close()


def rotate(live: Live, now: datetime) -> Rotated:
    """The next key, as `agegate keys rotate` makes it."""
    house = live.home.house
    made = house.store.write_now(lambda tx: RotateKeys(house.vault, house.audit)(tx, LEAD, now))
    assert isinstance(made, Rotated)
    return made


def run(folder: Path, rotations: int) -> Findings:
    """That many rotations while two loads run."""
    findings, stop = Findings(), threading.Event()
    with listening(folder / "data", f"sqlite:///{folder}/rotations.sqlite3", Hands()) as live:
        live.sign_up("ada")
        live.token("ada")
        checker = Verifier(live.url, CHAT, accept_test=True, clock=live.home.clock)
        loads = [threading.Thread(target=each, args=(live, checker, stop, findings)) for each in (load, load_beside)]
        for thread in loads:
            thread.start()
        for _ in range(rotations):
            made = rotate(live, live.home.clock())
            while live.home.clock() < made.active_from + timedelta(seconds=2):
                live.home.clock.move(seconds=DICE.uniform(0.2, 90))
                seen = findings.checked
                until = time.monotonic() + 5
                while findings.checked < seen + 4 and time.monotonic() < until:
                    time.sleep(0.002)
        stop.set()
        for thread in loads:
            thread.join()
    return findings


def main(rotations: int) -> int:
    """Prints the findings; exit code 1 when anything was refused or unpublished."""
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), rotations)
    told = f"{len(found.kids)} keys, {found.checked} tokens, refused {dict(found.refused)}"
    print(f"{told}, unpublished {found.unpublished}")  # noqa: T201 - the findings are what this program is for
    return int(bool(found.refused or found.unpublished) or len(found.kids) <= rotations)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
