"""The bytes that a database leaves on its disk, read as the operator's guide says that they are clean.

SQLite: every file of the folder, once the write-ahead log was emptied. PostgreSQL: every file of the database and of
the write-ahead log, after `VACUUM (FULL, ANALYZE)`, a new segment and a checkpoint, with `wal_recycle = off`.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.houses import Home

FILES = """
SELECT path, pg_read_binary_file(path, 0, size, true) FROM (
  SELECT folder || '/' || name AS path, (pg_stat_file(folder || '/' || name, true)).size
  FROM (VALUES ('base/' || (SELECT oid FROM pg_database WHERE datname = current_database())), ('pg_wal')) AS f(folder),
       pg_ls_dir(folder) AS name
) AS files WHERE size > 0 AND path !~ '^pg_wal/(archive_status|summaries)$'
"""


def at_rest(home: Home) -> dict[str, bytes]:
    """Everything that is on the disk now, by file; the keys and the ledger lie beside the database and are read too."""
    home.house.store.wipe_log()
    beside = dict(every_file_of(home.house.settings.data.parent))
    return beside | (dict(postgres_files(home)) if home.house.store.engine.dialect.name == "postgresql" else {})


def every_file_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Mails included."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def postgres_files(home: Home) -> Iterator[tuple[str, bytes]]:
    """Read through the server, so that it makes no difference whose files they are."""
    url = make_url(home.house.settings.database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_recycle = off")
        connection.execute("SELECT pg_reload_conf()")
        tables = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
        names = connection.execute(tables).fetchone()
        assert names is not None
        connection.execute(f"VACUUM (FULL, ANALYZE) {names[0]}".encode())
        connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")  # samples of rows that were there before
        connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")
        for path, content in connection.execute(FILES.encode()):
            yield str(path), bytes(content).rstrip(b"\0")  # a new segment is zeros for the most part
        connection.execute("ALTER SYSTEM RESET wal_recycle")
