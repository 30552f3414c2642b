"""A few purges of the storm; `make purge-storm` runs a thousand."""

from pathlib import Path

import pytest

from tests.crash.purge_storm import Storm


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_no_purge_is_lost_or_ends_early_while_everything_is_killed(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    database = str(request.getfixturevalue("postgres_url")) if engine == "postgresql" else None
    found = Storm(tmp_path, database, 20, (0.05, 1.0)).run()
    assert found.kills > 0, "nothing was killed, so nothing was tested"
    assert found.faults == []
