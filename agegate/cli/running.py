"""Commands that set up: init, migrate."""

from agegate.cli.door import say, settings, start_faults


def init() -> None:
    """Make what a first start needs: data folder, key file (mode 0600), schema, signing key.

    In test, `agegate serve` does this by itself. What is there already is left alone.
    """
    from agegate.clock import utc_now
    from agegate.entropy import system_entropy
    from agegate.store.engine import open_engine
    from agegate.store.keyring import Keyring
    from agegate.store.migrate import migrate_at
    from agegate.store.own_keys import open_signing_keys
    from agegate.store.store import Store
    from agegate.store.vault import Vault

    with start_faults():
        chosen = settings()
        if not chosen.key_file.exists():
            Keyring.make(system_entropy, utc_now()).write(chosen.key_file)
            say(f"Made the key file {chosen.key_file}. Keep a copy apart from the database's backups.")
        keyring = Keyring.read(chosen.key_file)
        migrate_at(chosen.database, say)
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
    from agegate.store.connecting import MIGRATING
    from agegate.store.engine import open_engine
    from agegate.store.migrate import migrate_at
    from agegate.store.rights import grant

    with start_faults():
        chosen = settings()
        migrate_at(chosen.database, say)
        if chosen.app_role or chosen.worker_role:
            engine = open_engine(chosen.database, MIGRATING)
            grant(engine, chosen.app_role, chosen.worker_role)
            engine.dispose()
            say(f"Rights given to: {', '.join(filter(None, (chosen.app_role, chosen.worker_role)))}.")
    say("The schema is current.")
