"""What SQLite gets from our own steps is what SQLAlchemy would have written."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Date
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from agegate.store.columns import UtcDateTime
from agegate.store.sqlite_values import NOTHING, turn_for

SQLITE = sqlite.dialect(json_serializer=lambda value: orjson.dumps(value).decode())
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1), timezones=zones)  # noqa: DTZ001 - the zone is drawn
small = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(), st.lists, max_leaves=5)
kept = st.one_of(
    st.tuples(st.just(UtcDateTime()), st.none() | instants),
    st.tuples(st.just(Boolean()), st.none() | st.booleans()),
    st.tuples(st.just(Date()), st.none() | st.dates()),
    st.tuples(st.just(JSON()), small | st.dictionaries(st.text(), small)),
)


@given(kept)
def test_a_value_is_written_as_sqlalchemy_writes_it(value: tuple[TypeEngine[object], object]) -> None:
    column, given = value
    own, theirs = turn_for(column), column.dialect_impl(SQLITE).bind_processor(SQLITE)
    assert own is not None
    assert theirs is not None
    assert own(given) == theirs(given)


def test_an_instant_without_a_zone_is_refused() -> None:
    own = turn_for(UtcDateTime())
    assert own is not None
    with pytest.raises(ValueError, match="naive"):
        own(datetime(2026, 11, 22))  # noqa: DTZ001 - a naive one is the point


@pytest.mark.parametrize("other", ["true", 2, b""])
def test_what_is_no_truth_is_refused(other: object) -> None:
    own = turn_for(Boolean())
    assert own is not None
    with pytest.raises(KeyError):
        own(other)


@pytest.mark.parametrize("kind", ["", "TEXT", "INTEGER", "BOOLEAN", "DATETIME", "JSON", "REAL"])
def test_nothing_is_kept_as_null_in_a_column_of_any_kind(kind: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE kept (what {kind})")
        connection.execute("INSERT INTO kept VALUES (?)", [NOTHING])
        assert connection.execute("SELECT typeof(what), what FROM kept").fetchall() == [("null", None)]


def test_nothing_is_refused_where_something_must_be() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE kept (what TEXT NOT NULL)")
        with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
            connection.execute("INSERT INTO kept VALUES (?)", [NOTHING])
