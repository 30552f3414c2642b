"""Whatever is changed in a log, the check finds it. `make tampering` does a thousand of each way."""

from random import Random

import pytest

from agegate.signing.audit_check import Broken
from tests.audit.conftest import Kept
from tests.audit.logs import TAMPERINGS, checked, is_found, tampered, truncate_well

TIMES = 240


def test_a_true_log_is_whole(kept: Kept) -> None:
    check = checked(kept.home, kept.lines, kept.anchor)
    assert (check.entries > 10, check.checkpoints) == (True, 5)


@pytest.mark.parametrize("seed", range(2))
def test_every_tampering_is_found(kept: Kept, seed: int) -> None:
    logs = tampered(kept.lines, TIMES, seed)
    assert [name for name, lines in logs if not is_found(kept.home, lines, kept.anchor)] == []


def test_every_way_of_tampering_is_tried(kept: Kept) -> None:
    assert len({name for name, _ in tampered(kept.lines, TIMES, 0)}) == len(TAMPERINGS)


def test_an_older_copy_is_betrayed_by_the_anchor_alone(kept: Kept) -> None:
    older = truncate_well(kept.lines, Random(1))  # noqa: S311 - a repeatable choice
    checked(kept.home, older)
    with pytest.raises(Broken, match="cut short"):
        checked(kept.home, older, kept.anchor)


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b"\xff", b'{"entry":{}}', b'{"entry":{},"hash":""}', b"[" * 9999])
def test_what_is_no_line_of_a_log_is_refused(kept: Kept, line: bytes) -> None:
    assert is_found(kept.home, [kept.lines[0], line, *kept.lines[1:]], [])


def test_an_empty_log_proves_nothing(kept: Kept) -> None:
    with pytest.raises(Broken, match="empty"):
        checked(kept.home, [])
