"""The step to audiences, status lists and the life of keys: an older installation keeps its key, forth and back."""

from pathlib import Path

from alembic import command
from sqlalchemy import text

from agegate.clock import rfc3339, utc_now
from agegate.entropy import system_entropy
from agegate.settings import Settings
from agegate.signing.keys import SigningKey
from agegate.store.engine import open_engine
from agegate.store.key_book import pem_cell
from agegate.store.keyring import Keyring
from agegate.store.migrate import alembic_config
from agegate.store.own_keys import open_signing_keys
from agegate.store.store import Store
from agegate.store.vault import Vault


def test_the_key_of_before_signs_after_the_step_and_again_after_the_step_back(
    database_url: str, tmp_path: Path
) -> None:
    engine, now = open_engine(database_url), utc_now()
    vault, key = Vault(Keyring.make(system_entropy, now), system_entropy), SigningKey.generate()
    command.downgrade(alembic_config(engine), "base")
    command.upgrade(alembic_config(engine), "0002")
    row = {"kid": key.kid, "pem": vault.seal(vault.own, pem_cell(key.kid), key.pem().decode()), "at": now}
    with engine.begin() as connection:
        stored = "INSERT INTO signing_keys (kid, state, sealed_pem, created_at) VALUES (:kid, 'active', :pem, :at)"
        at = rfc3339(now).replace("T", " ").removesuffix("Z") if engine.dialect.name == "sqlite" else now
        connection.execute(text(stored), row | {"at": at})
    command.upgrade(alembic_config(engine), "head")
    store = Store(engine)
    book = open_signing_keys(Settings(data=tmp_path), store, vault, utc_now, may_make=False)
    assert store.read_now(book.read).active_at(now).kid == key.kid
    store.close()
    command.downgrade(alembic_config(engine), "0002")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT kid, state FROM signing_keys")).all()
    engine.dispose()
    assert [tuple(each) for each in kept] == [(key.kid, "active")]
