"""The tables of calls run on SQLite, to stay quick; journeys, store and worker run on each engine."""

import pytest

from tests.houses import Home


@pytest.fixture
def home(sqlite_home: Home) -> Home:
    """A house with the services `game` and `scan`, on SQLite."""
    return sqlite_home
