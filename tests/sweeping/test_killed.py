"""A sweep that is killed with `kill -9` at any row and started again ends as if nothing had happened."""

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from agegate.store.subjects import SUBJECTS
from agegate.sweeping.apply_file import ApplyFile
from tests.crash.processes import CONTROLLER, ServerProcess
from tests.houses import Home, open_home
from tests.sweeping.files import FULL, made_up, write_csv
from tests.sweeping.swept import Stop, Swept, small_batches
from tests.sweeping.test_applying import wipe

ROWS = 3200
DIES = """
import os, signal, sys
from agegate.sweeping import apply_file
left, move = int(sys.argv.pop(1)), apply_file.move_sweep
def counted(*given):
    global left
    left -= 1
    moved = move(*given)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return moved
apply_file.move_sweep, apply_file.BATCH = counted, 500
from agegate.cli.app import run
run()
"""


def count(home: Home) -> int:
    """How many accounts are written."""
    with home.house.store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(SUBJECTS)).scalar_one())


def killed(server: ServerProcess, file: Path, in_batch: int) -> None:
    """Runs the command, which gets SIGKILL in the middle of the transaction of a batch."""
    words = [str(in_batch), "sweep", str(file), "--service", "game", "--apply", "--out", str(file.parent)]
    run = subprocess.run([sys.executable, "-c", DIES, *words], env=server.environment, capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL


def test_a_killed_command_goes_on_to_the_same_end(tmp_path: Path, database_url: str) -> None:
    server = ServerProcess(tmp_path, database=database_url)
    (tmp_path / "controller.toml").write_text(CONTROLLER)
    server.command("service", "add", "game", "--profile", "deepseek", "--controller", str(tmp_path / "controller.toml"))
    file = write_csv(tmp_path / "accounts.csv", made_up(ROWS), FULL)
    home = open_home(tmp_path, database_url=database_url)
    sweep = ("sweep", str(file), "--service", "game", "--apply", "--out", str(tmp_path))
    server.command(*sweep)
    swept = Swept(home, file)
    expected = swept.state()
    wipe(home)
    written = []
    for in_batch in (1, 3, 4):
        killed(server, file, in_batch)
        written.append(count(home))
    assert 0 == written[0] < written[1] < written[2] < ROWS
    server.command(*sweep)
    assert swept.state() == expected
    home.house.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.integers(1, 45), max_size=4), size=st.integers(1, 13))
def test_wherever_a_run_stops_the_end_is_the_same(
    sqlite_home: Home, tmp_path: Path, stops: list[int], size: int
) -> None:
    wipe(sqlite_home)
    file = write_csv(tmp_path / "accounts.csv", made_up(40), FULL)
    swept = Swept(sqlite_home, file)
    with small_batches(size):
        for stop_at in stops:
            begun = swept.begin()
            assert isinstance(begun, ApplyFile)
            if begun.sweep.finished_at is None:
                stopped(swept, begun, stop_at)
        swept.run()
    once = swept.state()
    wipe(sqlite_home)
    swept.run()
    assert once == swept.state()


def stopped(swept: Swept, begun: ApplyFile, stop_at: int) -> None:
    """A run that ends at a line, if it comes that far."""

    def stop(line: int) -> None:
        if line > stop_at:
            raise Stop

    with suppress(Stop):
        swept.run(begun, before=stop)
