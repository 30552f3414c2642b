"""Months that pass over a house, and what of a database still opens."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from agegate.app import worker
from agegate.flows.keep_epochs import KeepEpochs
from agegate.store.engine import open_engine
from agegate.store.subjects import SUBJECTS
from agegate.store.vault import Cell, SealBroken, Vault
from tests.houses import Home


def look_after(home: Home) -> None:
    """What the worker does once a minute, and what follows from it."""
    house, now = home.house, home.clock()
    keep = KeepEpochs(house.epochs, house.entropy, house.audit, alone=True)
    house.store.write_now(lambda tx: keep(tx, now=now))
    asyncio.run(worker(house).until_idle())


def to_month(home: Home, year: int, month: int) -> None:
    """The clock stands at the first of that month; the worker was there a day before, and is there now."""
    home.clock.now = datetime(year, month, 1, tzinfo=UTC)
    home.clock.move(days=-1)
    look_after(home)
    home.clock.move(days=1, seconds=2)
    look_after(home)


def wrapped_under(engine: Engine) -> list[str]:
    """The epoch of each subject's data key."""
    with engine.connect() as connection:
        return sorted(key.partition(".")[0] for key in connection.execute(select(SUBJECTS.c.wrapped_key)).scalars())


def opened_fields(vault: Vault, address: str) -> int:
    """How many dates of birth of a database open with the keys that there are."""
    engine, count = open_engine(address), 0
    with engine.connect() as connection:
        rows = connection.execute(select(SUBJECTS.c.id, SUBJECTS.c.wrapped_key, SUBJECTS.c.sealed_birth_date)).all()
    engine.dispose()
    for row, wrapped, sealed in rows:
        try:
            vault.open(vault.open_key(row, wrapped), Cell("subjects", "sealed_birth_date", row), sealed)
        except SealBroken:
            continue
        count += 1
    return count
