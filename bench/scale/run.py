"""What grows: many subjects, many processes, much due work; and what a server weighs. Part of `make bench`.

Each figure is a ratio measured in this one run; they are added to the page that `bench/run.py` wrote.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.figure import Figure, show
from bench.report import add_to
from bench.run import load
from bench.scale import due
from bench.scale.seed import ADULT, MINOR, fill
from bench.servers import ROOT, ours, signed_up
from tests import postgres

PAINTS = "structlog loads what paints tracebacks for people (rich, pygments), used or not: six megabytes."
FILLED = (
    "with the load and the database four processes fill both cores, where one worker beside two busy loops needs 1.1 "
    "to 1.3 times its own processor time, too; and against one that serves as many alone, each of the four commits a "
    "quarter as many signups at once."
)
EACH = 16
"""Connections for each of several processes: with fewer it would have nobody to share a commit with."""

FOUR = 4


def weight(folder: Path) -> list[Figure]:
    """How fast a server and the help are there, and what the server weighs."""
    helped = min(_seconds([sys.executable, "-m", "agegate", "--help"]) for _ in range(7))
    began = ours(f"sqlite:///{folder}/weight.sqlite3", folder / "weight")
    started = []
    for _ in range(3):
        before = time.monotonic()
        with began:
            started.append(time.monotonic() - before)
    with began:
        time.sleep(1)
        idle = began.resident_megabytes()
        load(began, "signup", 5, "weight", 16)
        busy = began.resident_megabytes()
    began.environment["AGEGATE_LOG"] = "json"
    with began:
        time.sleep(1)
        telling = began.resident_megabytes()
    return [
        Figure("`agegate --help`, seconds", helped, 0.25, less=True),
        Figure("start to the first answer, seconds", median(started), 1.2, less=True),
        Figure("resident memory of an idle server, MB", idle, 100, less=True),
        Figure("the same with log lines as JSON, as in production, MB", telling, 100, less=True, why=PAINTS),
        Figure("resident memory under load, MB", busy, 160, less=True),
    ]


def growth(engine: str, few: str, many: str, folder: Path, sizes: tuple[int, int], rounds: int) -> list[Figure]:
    """The same signups among few and among many subjects; then the sweep for due consents among both."""
    with ExitStack() as stack:
        servers = []
        for name, address, size in (("few", few, sizes[0]), ("many", many, sizes[1])):
            server = ours(address, folder / f"{engine}-{name}", worker=False)
            with server:
                signed_up(server, ADULT, "1990-05-04")
                signed_up(server, MINOR, "2011-05-04")
            print(f"  {engine}: {size} subjects …", file=sys.stderr, flush=True)
            fill(address, size)
            servers.append(stack.enter_context(server))
        rates: list[list[float]] = [[], []]
        spent: list[list[float]] = [[], []]
        for number in range(rounds):
            for place, server in enumerate(servers):
                found = load(server, "signup", 6, f"grow{number}", 16)
                rates[place].append(found["rate"])
                spent[place].append(found["cpu_us"])
    sweeps = [due.sweep_seconds(server, number) for number in range(3) for server in servers]
    few_s, many_s = median(sweeps[0::2]), median(sweeps[1::2])
    return [
        Figure(f"signup rate at {sizes[1]:,} subjects against {sizes[0]:,}, {engine}", _ratio(rates), 0.85),
        Figure(f"processor time per signup, the same, {engine}", _ratio(spent), None, less=True),
        Figure(f"time of the sweep for due consents, the same, {engine}", many_s / few_s, 1.2, less=True),
    ]


def processes(address: str, folder: Path, rounds: int) -> list[Figure]:
    """Processor time of four serving processes against one that has a quarter of the load, and one that has all."""
    with ExitStack() as stack:
        one = stack.enter_context(ours(f"{address}/one", folder / "one", worker=False))
        four = stack.enter_context(ours(f"{address}/four", folder / "four", worker=False, workers=FOUR))
        spent: list[list[float]] = [[], [], []]
        for number in range(rounds):
            for place, (server, connections) in enumerate(((one, EACH), (one, FOUR * EACH), (four, FOUR * EACH))):
                spent[place].append(load(server, "signup", 5, f"p{number}-{place}", connections)["cpu_us"])
    few, all_alone, shared = spent
    what = "processor time per signup, four processes against one, PostgreSQL"
    each, same = f"{EACH} connections for each process", f"{FOUR * EACH} for the one as for the four"
    return [
        Figure(f"{what}, {each}", _ratio([few, shared]), 1.15, less=True, why=FILLED),
        Figure(f"the same, {same}", _ratio([all_alone, shared]), 1.15, less=True, why=FILLED),
    ]


def _ratio(found: list[list[float]]) -> float:
    return median(found[1]) / median(found[0])


def _seconds(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.monotonic() - began


def main() -> None:
    """Every figure, one after the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--into", type=Path, default=None)
    options.add_argument("--few", type=int, default=10_000)
    options.add_argument("--many", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--items", type=int, default=3_000)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="agegate-bench-"))
    sizes = chosen.few, chosen.many
    try:
        figures = weight(folder)
        few, many = (f"sqlite:///{folder}/{name}.sqlite3" for name in ("few", "many"))
        figures += growth("SQLite", few, many, folder, sizes, chosen.rounds)
        with postgres.server() as address:
            for name in ("few", "many", "one", "four", "due", "plain"):
                postgres.execute(f"{address}/postgres", f"CREATE DATABASE {name}")
            figures += processes(address, folder, chosen.rounds)
            figures += due.work(address, folder, chosen.items)
            figures += growth("PostgreSQL", f"{address}/few", f"{address}/many", folder, sizes, chosen.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    show("Size, processes and due work", figures)
    if chosen.into is not None:
        add_to(chosen.into, figures)


if __name__ == "__main__":
    main()
