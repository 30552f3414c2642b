"""Opens the database the way the promises need it: durable commits, foreign keys, deleted bytes overwritten.

Owns connection settings of both engines and the refusal to start on a weaker one. Who may write, and how requests
share a commit, is `writer.py`.
"""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from agegate.environment import CannotStart
from agegate.store.connecting import SERVING, Limits, NoAddress, advice_on, is_postgresql, parameters_of
from agegate.store.driver import run
from agegate.store.transaction import BEGINS_LATE

SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1"}
"""FULL (2) syncs every commit; secure_delete overwrites what a purge deletes."""

BUSY_MILLISECONDS = 5000
PREPARED = 512
"""Statements that a connection of SQLite keeps prepared: an insert is one for each number of rows."""

READS_ONLY = "reads_only"


def open_engine(address: str, limits: Limits = SERVING) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`, as libpq writes it: several hosts, TLS, a service.

    Raises CannotStart when the address is not usable, the database does not answer, or it would not keep a commit.
    """
    try:
        engine = _postgresql(address, limits) if is_postgresql(address) else _sqlite(address)
        _refuse_weak_durability(engine)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, NoAddress):
        raise CannotStart(
            "AGEGATE_DATABASE_URL is not an address of a database. Use sqlite:///PATH or postgresql://USER@HOST/NAME."
        ) from None
    except (SQLAlchemyError, OSError) as fault:
        raise CannotStart(f"The database does not answer ({type(fault).__name__}). {_advice(address, fault)}") from None
    return engine


def _postgresql(address: str, limits: Limits) -> Engine:
    parameters = parameters_of(address, limits)
    return create_engine(
        "postgresql+psycopg://", connect_args=parameters, hide_parameters=True, pool_pre_ping=True, **_JSON
    )


def _sqlite(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        raise NoAddress
    if url.database not in {None, "", ":memory:"}:
        _make_file(Path(str(url.database)))
    engine = create_engine(url, hide_parameters=True, connect_args={"cached_statements": PREPARED}, **_JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _to_json(value: object) -> str:
    return orjson.dumps(value).decode()


_JSON: dict[str, Callable[..., object]] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}


def _make_file(path: Path) -> None:
    """The database file for the owner alone; SQLite gives its WAL the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)


def _advice(address: str, fault: Exception) -> str:
    if address.startswith("sqlite"):
        return "Check that the data folder (AGEGATE_DATA) may be written and that its file is a database."
    return advice_on(str(fault.orig)) if isinstance(fault, DBAPIError) else advice_on("")


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    if not isinstance(connection, SqliteConnection):
        return
    # The driver's own BEGIN is deferred: a reader that turns writer then fails with "locked" (see _begin).
    connection.isolation_level = None
    for name, value in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}").close()
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}").close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READS_ONLY)
    run(connection, "BEGIN" if reads else "BEGIN IMMEDIATE")


def reading(engine: Engine) -> Engine:
    """The same database for reads only: each transaction sees one moment and takes no lock a writer waits for."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READS_ONLY: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writing(engine: Engine) -> Engine:
    """The same database for batches that write; on PostgreSQL a transaction begins with what first needs it.

    A look-up sees what is committed at its own moment either way (READ COMMITTED), and a statement is all or nothing:
    without BEGIN and COMMIT a batch of signups takes three round trips instead of five.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT", **{BEGINS_LATE: True})


def _refuse_weak_durability(engine: Engine) -> None:
    with engine.connect() as connection:
        weak = _weaknesses(connection)
    if weak:
        engine.dispose()
        names = ", ".join(weak)
        raise CannotStart(f"The database would lose acknowledged writes or keep deleted ones ({names}). Set it back.")


def _weaknesses(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        shown = {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in SQLITE_PRAGMAS}
        weak = [name for name, value in SQLITE_PRAGMAS.items() if shown[name] != value]
    else:
        shown = {name: str(connection.execute(text(f"SHOW {name}")).scalar()) for name in POSTGRES_DEMANDS}
        weak = [name for name, weak_values in POSTGRES_DEMANDS.items() if shown[name] in weak_values]
    return [f"{name}={shown[name]}" for name in weak]


POSTGRES_DEMANDS = {
    "fsync": {"off"},
    "full_page_writes": {"off"},
    "synchronous_commit": {"off"},
}
"""Settings of PostgreSQL and the values under which an acknowledged write can be lost."""
