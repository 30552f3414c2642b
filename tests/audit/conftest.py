"""A sealed log for a whole file of tests that only read it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.audit.logs import Lines, anchored, exported, lived
from tests.houses import Home, furnished


@dataclass(frozen=True)
class Kept:
    """A house, its log as exported, and the checkpoints beside the database."""

    home: Home
    lines: Lines
    anchor: list[str]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    for home in furnished(folder, f"sqlite:///{folder}/database.sqlite3"):
        lived(home)
        yield Kept(home, exported(home), anchored(home))
