"""Commands that set up: init, migrate."""

from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import role_faults, say, settings, start_faults

if TYPE_CHECKING:
    from agegate.settings import Settings


def init(
    *,
    key_file_only: Annotated[
        bool, typer.Option("--key-file-only", help="Make the key file and nothing else; needs no database.")
    ] = False,
) -> None:
    """Make what a first start needs: data folder, key file (mode 0600), schema, roles' rights, signing key.

    In test, `agegate serve` does this by itself. What is there already is left alone.
    """
    from agegate.clock import utc_now
    from agegate.entropy import system_entropy
    from agegate.store.keyring import Keyring

    with start_faults(), role_faults():
        chosen = settings()
        _make_key_file(chosen)
        keyring = Keyring.read(chosen.key_file)
        if key_file_only:
            return
        from agegate.store.engine import open_engine
        from agegate.store.own_keys import open_signing_keys
        from agegate.store.store import Store
        from agegate.store.vault import Vault

        _bring_up(chosen)
        store = Store(open_engine(chosen.database))
        try:
            book = open_signing_keys(chosen, store, Vault(keyring, system_entropy), utc_now, may_make=True)
            kid = store.read_now(book.read).active_at(utc_now()).kid
        finally:
            store.close()
    say(f"Ready: environment {chosen.environment}, signing key {kid}.")
    say("Next: agegate service add NAME --profile deepseek --controller FILE")


def migrate() -> None:
    """Bring the database's schema to the version of this program, while the servers run.

    May be run by several at once and again after an interruption. A table that is in use is waited for, never blocked
    for longer than two seconds. On PostgreSQL it is run as the owner of the tables; AGEGATE_APP_ROLE and
    AGEGATE_WORKER_ROLE name the roles that it makes and gives their rights.
    """
    with start_faults():
        _bring_up(settings())
    say("The schema is current.")


def _make_key_file(chosen: "Settings") -> None:
    from agegate.clock import utc_now
    from agegate.entropy import system_entropy
    from agegate.environment import CannotStart
    from agegate.store.keyring import Keyring

    path = chosen.key_file
    if path.exists():
        return
    try:
        Keyring.make(system_entropy, utc_now()).write(path)
    except OSError as fault:
        raise CannotStart(
            f"The key file {path} cannot be written ({fault.strerror}). Where it is mounted read-only, make it before: "
            "agegate init --key-file-only with AGEGATE_KEK_FILE=FILE."
        ) from None
    say(f"Made the key file {path}. Keep a copy apart from the database's backups.")


def _bring_up(chosen: "Settings") -> None:
    from agegate.store.connecting import MIGRATING
    from agegate.store.engine import open_engine
    from agegate.store.migrate import migrate_at
    from agegate.store.rights import grant

    migrate_at(chosen.database, say)
    if not (chosen.app_role or chosen.worker_role):
        return
    engine = open_engine(chosen.database, MIGRATING)
    grant(engine, chosen.app_role, chosen.worker_role)
    engine.dispose()
    say(f"Rights given to: {', '.join(filter(None, (chosen.app_role, chosen.worker_role)))}.")
