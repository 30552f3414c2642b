"""Several serving processes answer for each other: real processes, one folder, sums that never fall back."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agegate.telemetry.readings import Reading
from agegate.telemetry.shared import Shared

SIBLING = """
import sys
from pathlib import Path
from agegate.telemetry.readings import Reading
from agegate.telemetry.shared import Shared
counted = Reading({("decisions", "allowed", "p@1"): 3}, {("batch_units", "writer"): [1.0, 2.0]}, {("processes",): 1})
shared = Shared(Path(sys.argv[1]), lambda: counted)
sys.stdin.read()
shared.close()
"""
OWN = Reading({("decisions", "allowed", "p@1"): 2}, {("batch_units", "writer"): [1.0, 1.0]}, {("processes",): 1})


def until(true: Callable[[], bool]) -> None:
    """Waits for something that takes about a second."""
    for _ in range(400):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not come")


def total(shared: Shared) -> Reading:
    return Reading.sum_of((OWN, *shared.others()))


def test_the_sum_holds_what_every_process_counted_also_after_one_ended(tmp_path: Path) -> None:
    shared = Shared(tmp_path, lambda: OWN)
    with subprocess.Popen([sys.executable, "-c", SIBLING, str(tmp_path)], stdin=subprocess.PIPE) as sibling:
        until(lambda: bool(list(shared.others())))
        together = total(shared)
        assert sibling.stdin is not None
        sibling.stdin.close()
        sibling.wait(10)
    after = total(shared)
    shared.close()
    assert (together.counts, together.levels) == ({("decisions", "allowed", "p@1"): 5}, {("processes",): 2})
    assert together.spreads == {("batch_units", "writer"): [2.0, 3.0]}
    assert (after.counts, after.levels) == (together.counts, {("processes",): 1})


def test_a_reading_is_the_same_after_its_way_through_a_file() -> None:
    assert Reading.of_bytes(OWN.to_bytes()) == OWN
