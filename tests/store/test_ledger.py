"""The tombstone ledger: appended durably, read in order, and no change of it goes unseen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agegate.store.ledger import Ledger, LedgerBroken, Mark, Tombstone

NOW = datetime(2026, 11, 22, 9, 0, 0, 123456, UTC)
KEY = b"k" * 32


def stone(number: int) -> Tombstone:
    """The tombstone of the purge with that number."""
    return Tombstone(f"p{number}", "game", f"{number:064x}", "under_age", NOW + timedelta(minutes=number))


def filled(folder: Path, count: int = 3) -> Ledger:
    """A ledger with so many tombstones."""
    ledger = Ledger(folder, KEY)
    for number in range(1, count + 1):
        ledger.append(stone(number), Mark(), NOW)
    return ledger


def only_file(folder: Path) -> Path:
    """The file of the month."""
    return folder / "2026-11.jsonl"


def test_tombstones_come_back_in_order_and_whole(tmp_path: Path) -> None:
    filled(tmp_path)
    lines = Ledger(tmp_path, KEY).after(Mark())
    assert [(line.mark.position, line.stone) for line in lines] == [(n, stone(n)) for n in (1, 2, 3)]


def test_after_a_mark_come_only_later_ones(tmp_path: Path) -> None:
    lines = filled(tmp_path).after(Mark())
    assert [line.stone for line in Ledger(tmp_path, KEY).after(lines[1].mark)] == [stone(3)]


def test_a_purge_has_one_tombstone_however_often_it_is_written(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    ledger.append(stone(2), Mark(), NOW)
    assert len(Ledger(tmp_path, KEY).after(Mark())) == 3


def test_two_writers_share_the_folder(tmp_path: Path) -> None:
    one, other = Ledger(tmp_path, KEY), Ledger(tmp_path, KEY)
    for number in range(1, 9):
        (one if number % 2 else other).append(stone(number), Mark(), NOW)
    assert [line.mark.position for line in one.after(Mark())] == list(range(1, 9))


def test_a_new_month_is_a_new_file_and_the_chain_goes_on(tmp_path: Path) -> None:
    filled(tmp_path).append(stone(4), Mark(), NOW + timedelta(days=30))
    assert sorted(path.name for path in tmp_path.glob("*.jsonl")) == ["2026-11.jsonl", "2026-12.jsonl"]
    assert len(Ledger(tmp_path, KEY).after(Mark())) == 4


def test_a_line_that_a_writer_left_half_is_not_read_and_gives_way(tmp_path: Path) -> None:
    filled(tmp_path)
    with only_file(tmp_path).open("ab") as file:
        file.write(b'{"position":4,"purge":"p4"')
    ledger = Ledger(tmp_path, KEY)
    assert len(ledger.after(Mark())) == 3
    assert [line.stone for line in ledger.append(stone(4), Mark(), NOW)][3:] == [stone(4)]
    assert len(Ledger(tmp_path, KEY).after(Mark())) == 4


def test_the_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    filled(tmp_path / "ledger")
    modes = {(tmp_path / "ledger").stat().st_mode & 0o777, only_file(tmp_path / "ledger").stat().st_mode & 0o777}
    assert modes == {0o700, 0o600}


def test_a_cut_end_is_seen_by_whoever_knows_more(tmp_path: Path) -> None:
    known = filled(tmp_path).after(Mark())[-1].mark
    raw = only_file(tmp_path).read_bytes().splitlines(keepends=True)
    only_file(tmp_path).write_bytes(b"".join(raw[:2]))
    with pytest.raises(LedgerBroken, match="ends at tombstone 2"):
        Ledger(tmp_path, KEY).after(known)


def test_a_file_that_shrinks_while_it_is_read_is_seen(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    only_file(tmp_path).write_bytes(b"")
    with pytest.raises(LedgerBroken, match="changed"):
        ledger.append(stone(4), Mark(), NOW)


def test_another_installation_s_ledger_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    with pytest.raises(LedgerBroken, match="changed"):
        Ledger(tmp_path, b"x" * 32).after(Mark())


def test_another_ledger_of_the_same_key_is_refused(tmp_path: Path) -> None:
    known = filled(tmp_path / "one").after(Mark())[1].mark
    other = Ledger(tmp_path / "two", KEY)
    for number in (7, 8, 9):
        other.append(stone(number), Mark(), NOW)
    with pytest.raises(LedgerBroken, match="not the one of this database"):
        Ledger(tmp_path / "two", KEY).after(known)


def test_a_missing_beginning_is_seen(tmp_path: Path) -> None:
    filled(tmp_path).append(stone(4), Mark(), NOW + timedelta(days=30))
    only_file(tmp_path).unlink()
    with pytest.raises(LedgerBroken, match="changed at or before tombstone 1"):
        Ledger(tmp_path, KEY).after(Mark())


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), bits=st.integers(1, 255))
def test_no_changed_byte_goes_unseen(tmp_path: Path, place: int, bits: int) -> None:
    path = only_file(tmp_path)
    if not path.exists():
        filled(tmp_path)
        path.with_suffix(".kept").write_bytes(path.read_bytes())
    raw = bytearray(path.with_suffix(".kept").read_bytes())
    known = Mark(3, json.loads(raw.splitlines()[-1])["chain"])
    raw[place % len(raw)] ^= bits
    path.write_bytes(raw)
    with pytest.raises(LedgerBroken):
        Ledger(tmp_path, KEY).after(known)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (0, 0, 1), (1, 2), (0, 2)])
def test_no_other_order_of_the_lines_goes_unseen(tmp_path: Path, order: tuple[int, ...]) -> None:
    known = filled(tmp_path).after(Mark())[-1].mark
    raw = only_file(tmp_path).read_bytes().splitlines(keepends=True)
    only_file(tmp_path).write_bytes(b"".join(raw[place] for place in order))
    with pytest.raises(LedgerBroken):
        Ledger(tmp_path, KEY).after(known)
