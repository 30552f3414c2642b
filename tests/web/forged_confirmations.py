"""Confirmations that must close nothing: forged, replayed, swapped or foreign, drawn at random from every way there is.

`make purge-storm` draws 1,000 on each database; the suite draws a few.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from agegate.clock import rfc3339
from agegate.flows.register import Register
from tests import postgres
from tests.houses import Home, Json, furnished

SEED = 20261122
DONE: Json = {"status": "completed", "counts": {"chats": 2}}
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"


@dataclass(slots=True)
class Scene:
    """Open purges of `game` with two holders each, one leg that was answered, and everybody's keys."""

    home: Home
    chance: random.Random
    keys: dict[str, str] = field(default_factory=dict)
    purges: list[str] = field(default_factory=list)
    answered: str = ""

    def __post_init__(self) -> None:
        home = self.home
        self.keys = {name: home.register_holder("game", name, "") for name in ("logs", "search")}
        self.keys["foreign"] = home.register_holder("scan", "logs", "")
        self.keys["service"], self.keys["other"] = home.keys["game"], home.keys["scan"]
        self.keys["ended"] = home.key("game", "holder", holder="logs")
        ended = self.keys["ended"].split("_")[1]
        register = Register(home.house.vault, home.house.digests, home.house.entropy)
        home.house.store.write_now(lambda tx: register.revoke_key(tx, ended, "jo", home.clock()))
        orders = [{"subject": f"u-{number}", "reason": "service_request"} for number in range(5)]
        made = [home.call("POST", "/v1/purges", body, key=self.keys["service"]).json()["id"] for body in orders]
        self.answered, *self.purges = made
        home.call("PUT", self.leg(self.answered, "logs"), DONE, key=self.keys["logs"])

    @staticmethod
    def leg(purge: str, holder: str) -> str:
        return f"/v1/purges/{purge}/legs/{holder}"

    def open_leg(self, holder: str = "logs") -> str:
        return self.leg(self.chance.choice(self.purges), holder)

    def bent(self, key: str) -> str:
        """A key with one letter changed."""
        place = self.chance.randrange(3, len(key))
        return key[:place] + self.chance.choice(LETTERS.replace(key[place], "")) + key[place + 1 :]

    def closed(self) -> int:
        """How many legs are closed, by whatever word."""
        with self.home.house.store.engine.connect() as connection:
            asked = "SELECT count(*) FROM purge_legs WHERE state NOT IN ('queued', 'delivered', 'in_progress')"
            return int(connection.execute(text(asked)).scalar_one())


Forgery = Callable[[Scene], tuple[str, object, str | None]]
"""The address, the body and the key of a call that must close nothing."""

HALVES = ("logs", "search", "foreign")
FORGERIES: dict[str, Forgery] = {
    "no key": lambda scene: (scene.open_leg(), DONE, None),
    "an invented key": lambda scene: (scene.open_leg(), DONE, f"ag_{scene.chance.randbytes(13).hex()}_{'x' * 43}"),
    "a key with one letter changed": lambda scene: (scene.open_leg(), DONE, scene.bent(scene.keys["logs"])),
    "a key cut short": lambda scene: (scene.open_leg(), DONE, scene.keys["logs"][: scene.chance.randrange(4, 40)]),
    "a key that was ended": lambda scene: (scene.open_leg(), DONE, scene.keys["ended"]),
    "the id of one key with the secret of another": lambda scene: (
        scene.open_leg(),
        DONE,
        scene.keys["logs"].rpartition("_")[0] + "_" + scene.keys["foreign"].split("_", 2)[2],
    ),
    "another holder's leg": lambda scene: (scene.open_leg("search"), DONE, scene.keys["logs"]),
    "a holder of another service, of the same name": lambda scene: (scene.open_leg(), DONE, scene.keys["foreign"]),
    "the service's own key": lambda scene: (scene.open_leg(), DONE, scene.keys["service"]),
    "another service's key": lambda scene: (scene.open_leg(), DONE, scene.keys["other"]),
    "a purge that does not exist": lambda scene: (scene.leg("01" + "a" * 24, "logs"), DONE, scene.keys["logs"]),
    "a holder that does not exist": lambda scene: (scene.open_leg("nobody"), DONE, scene.keys["logs"]),
    "a good confirmation once more": lambda scene: (scene.leg(scene.answered, "logs"), DONE, scene.keys["logs"]),
    "a good confirmation, changed": lambda scene: (
        scene.leg(scene.answered, "logs"),
        DONE | {"counts": {"chats": scene.chance.randrange(3, 99)}},
        scene.keys["logs"],
    ),
    "a time to come": lambda scene: (
        scene.open_leg(),
        DONE | {"completed_at": rfc3339(scene.home.clock() + timedelta(seconds=scene.chance.randrange(61, 9999)))},
        scene.keys["logs"],
    ),
    "a state that is not a holder's to say": lambda scene: (
        scene.open_leg(),
        {"status": scene.chance.choice(["unreachable", "queued", "delivered", "COMPLETED", "closed", ""])},
        scene.keys["logs"],
    ),
    "a member too many": lambda scene: (scene.open_leg(), DONE | {"holder": "search"}, scene.keys["logs"]),
    "a refusal without a basis": lambda scene: (scene.open_leg(), {"status": "refused"}, scene.keys["logs"]),
    "no object": lambda scene: (scene.open_leg(), scene.chance.choice([[DONE], "completed", 1]), scene.keys["logs"]),
    "a path that goes round": lambda scene: (
        f"/v1/purges/{scene.purges[0]}/legs/logs/../search",
        DONE,
        scene.keys["logs"],
    ),
}


@dataclass(slots=True)
class Findings:
    """How many there were, how each was answered, and how many legs they closed."""

    rounds: int = 0
    closed: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    """Answers that say "taken", by forgery: only a repetition may get one."""


def run(home: Home, rounds: int) -> Findings:
    """That many, drawn at random, each way about as often."""
    scene = Scene(home, random.Random(SEED))  # noqa: S311 - replayable
    before, findings, names = scene.closed(), Findings(), list(FORGERIES)
    for number in range(rounds):
        name = names[number % len(names)]
        path, body, key = FORGERIES[name](scene)
        reply = home.call("PUT", path, body, key=key)
        findings.rounds += 1
        if reply.status_code < 400:
            findings.taken[name] += 1
    findings.closed = scene.closed() - before
    return findings


def main(rounds: int) -> int:
    """Prints the findings on both databases; exit code 1 when a leg was closed."""
    broken = False
    with tempfile.TemporaryDirectory() as folder, postgres.server() as address, ExitStack() as stack:
        postgres.execute(f"{address}/postgres", "CREATE DATABASE forgeries")
        for name, database in (
            ("sqlite", f"sqlite:///{folder}/database.sqlite3"),
            ("postgresql", f"{address}/forgeries"),
        ):
            opened = furnished(Path(folder) / name, database)
            home = next(opened)
            stack.callback(next, opened, None)
            found = run(home, rounds)
            broken = broken or found.closed > 0
            print(f"{name}: {found}", flush=True)  # noqa: T201 - the findings are what this is for
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
