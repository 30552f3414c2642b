"""The database alone, without a house around it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from agegate.store.engine import open_engine
from agegate.store.store import Store


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database at the current schema."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Iterator[Store]:
    """A store on that database."""
    opened = Store(engine)
    yield opened
    opened.close()
