"""How fast a sweep is: a million rows read and judged on one core, and accounts applied on a real PostgreSQL.

Usage: python -m bench.sweep [ROWS] [ACCOUNTS]. Prints rows per second by the wall clock and by this process' processor
time, since the machine may be shared, and the resident memory.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from agegate.flows.begin_sweep import BeginSweep, OtherUnfinished
from agegate.flows.register import Controller, Register
from agegate.flows.rule_book import RuleBook
from agegate.house import House, open_house
from agegate.law.loader import load_law, shipped_profiles
from agegate.settings import Settings
from agegate.signup_desk import enrol_swept
from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from agegate.store.registry import find_service
from agegate.sweeping.apply_file import ApplyFile
from agegate.sweeping.collecting import few_collections
from agegate.sweeping.file_pass import FilePass
from agegate.sweeping.jurisdictions import Jurisdictions
from agegate.sweeping.row_reader import RowReader
from tests import postgres
from tests.sweeping.files import FULL, HEADER, made_up

ROWS, ACCOUNTS = 1_000_000, 50_000
CONTROLLER = Controller("Example Chat Ltd", "1 Example Street, Dublin", "privacy@example.com")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def written(path: Path, rows: int, header: str) -> Path:
    """A file of made-up accounts with those columns."""
    names = FULL.split(",")
    picked = [names.index(name) for name in header.split(",")]
    with path.open("w") as file:
        file.write(header + "\n")
        for row in made_up(rows):
            cells = row.split(",")
            file.write(",".join(cells[place] for place in picked) + "\n")
    return path


def passed(rules: RuleBook, stream: BinaryIO, now: datetime) -> FilePass:
    """A pass over a file for the profile deepseek."""
    places = Jurisdictions(rules, rules.profile("deepseek"), now)
    return FilePass(stream, places, RowReader(places, now), lambda *fault: print("rejected", *fault))


def measured(name: str, rows: int, work: Callable[[], int]) -> float:
    """Rows a second by processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    with few_collections():
        assert work() == rows
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:24} {rows / wall:>9,.0f} rows/s {rows / processor:>9,.0f} per processor second {resident:>5.0f} MB")
    return rows / processor


def dry_run(path: Path, rows: int, name: str) -> float:
    """Reading, judging and counting."""
    law = load_law()
    rules = RuleBook.of(law, shipped_profiles(law))

    def work() -> int:
        with path.open("rb") as stream:
            reading = passed(rules, stream, NOW)
            for _ in reading.accounts():
                pass
        return reading.accepted

    return measured(f"dry run, {name}", rows, work)


@contextmanager
def opened(folder: Path, database: str) -> Iterator[House]:
    """A house with the service `game`."""
    house = open_house(Settings(data=folder / "data", issuer="http://127.0.0.1:8000", database_url=database))
    register, now = Register(house.vault, house.digests, house.entropy), house.clock()
    house.store.write_now(lambda tx: register.service(tx, "game", "deepseek", CONTROLLER, None, now))
    yield house
    house.close()


def applied(house: House, path: Path, rows: int) -> float:
    """Every account of the file, written."""
    begins, now = BeginSweep(house.digests, house.audit), house.clock()
    sweep = house.store.write_now(lambda tx: begins(tx, "game", "pipe", now, "command", anew=False))
    service = house.store.read_now(lambda tx: find_service(tx, "game"))
    assert service is not None
    assert not isinstance(sweep, OtherUnfinished)
    every = timedelta(seconds=1)
    into = ApplyFile(
        house.store, begins, enrol_swept(house), service, sweep, now, every, "command", "pipe", lambda: True
    )

    def work() -> int:
        with path.open("rb") as stream:
            reading = passed(house.rules, stream, now)
            for accounts in reading.accounts():
                into(accounts)
            into.finish("")
            into.close()
        return into.counts.total() - into.counts["questions"]

    return measured(f"apply, {house.store.engine.dialect.name}", rows, work)


def main(rows: int, accounts: int) -> None:
    """Every figure."""
    with tempfile.TemporaryDirectory() as name, postgres.server() as server:
        folder = Path(name)
        dry_run(written(folder / "narrow.csv", rows, HEADER), rows, "three columns")
        dry_run(written(folder / "wide.csv", rows, FULL), rows, "ten columns")
        path = written(folder / "accounts.csv", accounts, FULL)
        postgres.execute(f"{server}/postgres", "CREATE DATABASE agegate_sweep")
        engine = open_engine(f"{server}/agegate_sweep")
        migrate(engine)
        engine.dispose()
        with opened(folder, f"{server}/agegate_sweep") as house:
            applied(house, path, accounts)


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:3]] or (ROWS, ACCOUNTS))
