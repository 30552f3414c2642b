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
    from agegate.store.migrate import migrate as bring_up
    from agegate.store.own_keys import open_signing_keys
    from agegate.store.store import Store
    from agegate.store.vault import Vault

    with start_faults():
        chosen = settings()
        if not chosen.key_file.exists():
            Keyring.make(system_entropy, utc_now()).write(chosen.key_file)
            say(f"Made the key file {chosen.key_file}. Keep a copy apart from the database's backups.")
        keyring = Keyring.read(chosen.key_file)
        engine = open_engine(chosen.database)
        bring_up(engine)
        store = Store(engine)
        try:
            book = open_signing_keys(chosen, store, Vault(keyring, system_entropy), utc_now, may_make=True)
            kid = store.read_now(book.read).active_at(utc_now()).kid
        finally:
            store.close()
    say(f"Ready: environment {chosen.environment}, signing key {kid}.")
    say("Next: agegate service add NAME --profile deepseek --controller FILE")


def migrate() -> None:
    """Bring the database's schema to the version of this program."""
    from agegate.store.engine import open_engine
    from agegate.store.migrate import migrate as bring_up

    with start_faults():
        bring_up(open_engine(settings().database))
    say("The schema is current.")
