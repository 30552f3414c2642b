"""Fills a database of ours with subjects: copies of two that signed up, under names and ids of their own."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, NullPool, create_engine, text

from agegate.store.tables import AgendaRow, EventRow, SubjectRow
from agegate.store.transaction import table_of

FAR = "2031-01-01 00:00:00.000000"
ADULT, MINOR = "seed-adult", "seed-minor"


def begun(address: str) -> Connection:
    """A connection beside the server, in a transaction that the caller commits."""
    return create_engine(address.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool).connect()


def fill(address: str, count: int) -> None:
    """Half of them grown with a token, half waiting for a guardian with the end of their time on the agenda."""
    half = count // 2
    with begun(address) as db:
        for letter, like in (("a", ADULT), ("m", MINOR)):
            named = {"id": numbered(db, letter), "subject": f"'{like}-' || n.i"}
            copies(db, "subjects", named, f"subjects t WHERE t.subject = '{like}'", half)
        entry = {"subject_id": numbered(db, "a"), "audience": "'bench'", "status": "0"}
        insert(db, "status_entries", entry, "", half)
        item = {"id": numbered(db, "m"), "ref": numbered(db, "m"), "due_at": instant(db, FAR)}
        waiting = "agenda t WHERE t.kind = 'subject.expiry' AND t.ref IN (SELECT id FROM subjects WHERE subject = '{}')"
        copies(db, "agenda", item, waiting.format(MINOR), half)
        db.commit()
    with begun(address) as db:
        db.execute(text("ANALYZE"))
        db.commit()


def fall_due(address: str, first: int, count: int) -> None:
    """The time of some of the waiting is over now."""
    with begun(address) as db:
        for number in range(first, first + count):
            values = {"at": datetime(2026, 1, 1, tzinfo=UTC).isoformat(" "), "row": numbered_text("m", number)}
            db.execute(text(f"UPDATE agenda SET due_at = {cast(db, ':at')} WHERE ref = :row"), values)
            db.execute(text(f"UPDATE subjects SET expires_at = {cast(db, ':at')} WHERE id = :row"), values)
        db.commit()


def announce(address: str, batch: int, count: int) -> None:
    """Events to deliver: copies of one, each due now."""
    with begun(address) as db:
        row = numbered(db, f"e{batch}")
        copies(db, "events", {"id": row}, "events t WHERE t.seq = (SELECT min(seq) FROM events)", count, "seq")
        item = {"id": row, "kind": "'event.deliver'", "ref": row, "due_at": instant(db, "2026-01-01 00:00:00.000000")}
        insert(db, "agenda", item | {"attempts": "0"}, "", count)
        db.commit()


def copies(db: Connection, table: str, changed: Mapping[str, str], source: str, count: int, drop: str = "") -> None:
    """That many copies of a row, with some columns changed."""
    models = {"subjects": SubjectRow, "agenda": AgendaRow, "events": EventRow}
    names = [column.name for column in table_of(models[table]).columns if column.name != drop]
    insert(db, table, {name: changed.get(name, f"t.{name}") for name in names}, f", {source}", count)


def insert(db: Connection, table: str, values: Mapping[str, str], source: str, count: int) -> None:
    """Rows made by the database itself, `n.i` from 1 on."""
    series = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        if db.dialect.name == "sqlite"
        else f"WITH n(i) AS (SELECT * FROM generate_series(1, {count}))"
    )
    listed, made = ", ".join(values), ", ".join(values.values())
    db.execute(text(f"INSERT INTO {table} ({listed}) {series} SELECT {made} FROM n {source}".replace(":00", "\\:00")))


def numbered(db: Connection, letter: str) -> str:
    """SQL of an id of 26 characters that grows with `n.i`, as ours grow with time."""
    width = 26 - len(letter)
    if db.dialect.name == "sqlite":
        return f"'{letter}' || substr('{'0' * width}' || n.i, -{width})"
    return f"'{letter}' || lpad(n.i::text, {width}, '0')".replace("::", "\\:\\:")


def numbered_text(letter: str, number: int) -> str:
    """The same id."""
    return letter + str(number).zfill(26 - len(letter))


def instant(db: Connection, written: str) -> str:
    """SQL of an instant."""
    return f"'{written}'" if db.dialect.name == "sqlite" else f"CAST('{written}+00' AS timestamptz)"


def cast(db: Connection, name: str) -> str:
    """A parameter as an instant."""
    return name if db.dialect.name == "sqlite" else f"CAST({name} AS timestamptz)"
