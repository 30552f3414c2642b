"""What was deleted leaves the write-ahead log too, while the server runs."""

from pathlib import Path

from sqlalchemy import text

from agegate.store.engine import open_engine
from agegate.store.store import Store


def test_the_log_of_a_running_store_is_emptied(tmp_path: Path) -> None:
    store = Store(open_engine(f"sqlite:///{tmp_path}/database.sqlite3"))
    store.write_now(lambda tx: tx.change(text("CREATE TABLE notes (words TEXT)")))
    store.write_now(lambda tx: tx.change(text("INSERT INTO notes VALUES ('canary')")))
    store.write_now(lambda tx: tx.change(text("DELETE FROM notes")))
    store.wipe_log()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("database.sqlite3*"))
    store.close()
    assert b"canary" not in left
