"""A few of the rotations under load; `make races` runs them all."""

from pathlib import Path

from tests.tokens.rotations import run


def test_rotations_under_load_refuse_nobody_and_use_no_unpublished_key(tmp_path: Path) -> None:
    found = run(tmp_path, 4)
    assert (dict(found.refused), found.unpublished) == ({}, 0)
    assert len(found.kids) == 5
