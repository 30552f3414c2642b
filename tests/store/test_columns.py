"""Instants in the database: aware, in UTC, the same when they come back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from agegate.store.columns import UtcDateTime

DIALECTS: list[Dialect] = [dialect() for dialect in (sqlite.dialect, postgresql.dialect)]
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1), timezones=zones)  # noqa: DTZ001 - the zone is drawn
each_engine = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@each_engine
@given(at=instants)
def test_an_instant_comes_back_as_the_same_instant(dialect: Dialect, at: datetime) -> None:
    kept = UtcDateTime().process_bind_param(at, dialect)
    assert UtcDateTime().process_result_value(kept, dialect) == at


@each_engine
@given(at=instants)
def test_an_instant_comes_back_aware_and_in_utc(dialect: Dialect, at: datetime) -> None:
    kept = UtcDateTime().process_bind_param(at, dialect)
    back = UtcDateTime().process_result_value(kept, dialect)
    assert back is not None
    assert back.tzinfo is UTC


@each_engine
def test_an_instant_without_a_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 22), dialect)  # noqa: DTZ001 - a naive one is the point


@each_engine
def test_nothing_stays_nothing(dialect: Dialect) -> None:
    column = UtcDateTime()
    assert (column.process_bind_param(None, dialect), column.process_result_value(None, dialect)) == (None, None)
