"""The rows that a signup of ours writes: subject, entry of a status list, entry of the audit log. In our own tables."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Table, text
from sqlmodel import SQLModel

from agegate.store.engine import open_engine
from agegate.store.migrate import migrate

Row = dict[str, object]
TABLES = ("subjects", "status_entries", "audit_entries")
REASONS = '[["us-coppa","16 CFR 312.2"],["profile","deepseek"]]'
DIGEST = "A" * 43


class Signup(NamedTuple):
    """What differs from one signup to the next."""

    row: str
    subject: str
    country: str
    sealed: str
    wrapped: str
    audience: str


def make_tables(address: str) -> None:
    """Our schema, and the service that its rows name."""
    engine = open_engine(address.replace("+psycopg", ""))
    migrate(engine)
    service = {"name": "bench", "profile": "deepseek", "created_at": datetime.now(UTC).isoformat()}
    with engine.begin() as connection:
        marks = ", ".join(f":{name}" for name in service)
        connection.execute(text(f"INSERT INTO services ({', '.join(service)}) VALUES ({marks})"), service)
    engine.dispose()


def rows_of(signups: list[Signup], entry: Iterator[int]) -> dict[str, list[Row]]:
    """The rows of a batch, table by table."""
    instant = datetime.now(UTC)
    now, today = instant.isoformat(" "), instant.date().isoformat()
    return {
        "subjects": [_subject(signup, now, today) for signup in signups],
        "status_entries": [
            {"seq": next(entry), "subject_id": signup.row, "audience": signup.audience, "status": 0}
            for signup in signups
        ],
        "audit_entries": [_audit(signup, now) for signup in signups],
    }


def _subject(signup: Signup, now: str, today: str) -> Row:
    return {
        "id": signup.row,
        "service": "bench",
        "subject": signup.subject,
        "state": "allowed",
        "wrapped_key": signup.wrapped,
        "sealed_birth_date": signup.sealed,
        "country": signup.country,
        "profile": "deepseek@1",
        "reasons": REASONS,
        "decided_on": today,
        "assent_needed": False,
        "created_at": now,
        "admitted_at": now,
        "grown": True,
        "stuck": False,
    }


def _audit(signup: Signup, now: str) -> Row:
    return {
        "id": signup.row,
        "at": now,
        "action": "signup.decided",
        "actor": "service:bench",
        "service": "bench",
        "facts": '{"decision":"allowed","profile":"deepseek@1"}',
        "commitment": DIGEST,
    }


def in_one_statement() -> str:
    """One INSERT per table in one statement of PostgreSQL, each from one JSON parameter."""
    sample = rows_of([Signup("", "", "", "", "", "")], iter([0]))
    parts = [_insert(SQLModel.metadata.tables[name], list(sample[name][0])) for name in TABLES]
    *before, last = parts
    named = ", ".join(f"part{number} AS ({part})" for number, part in enumerate(before))
    return f"WITH {named} {last}"


def _insert(table: Table, columns: list[str]) -> str:
    listed = ", ".join(columns)
    kinds = {name: str(table.c[name].type.compile()) for name in columns}
    typed = ", ".join(f"{name} {_kind(name, kinds[name])}" for name in columns)
    return (
        f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM json_to_recordset(%s) AS given({typed}) "
        "ON CONFLICT DO NOTHING"
    )


def _kind(name: str, kind: str) -> str:
    if name in {"reasons", "facts"}:
        return "json"
    return "timestamptz" if kind.startswith("DATETIME") else "text" if kind.startswith("VARCHAR") else kind
