"""Waits for whoever decides this moment about somebody without a row to hold; until the commit others wait for us.

On PostgreSQL by advisory locks, on SQLite there is one writer. About whom we hold, the row of the subject is held.
"""

from typing import Final

from sqlalchemy import Executable, bindparam, func, select

from agegate.store.transaction import Transaction

NAMES: Final = 20_261_124
"""The first half of a lock's name, so that it meets no lock of another meaning."""

SWEEPS: Final = 20_261_125

_NAME = select(func.pg_advisory_xact_lock(NAMES, func.hashtext(bindparam("held"))))
_SWEEPING = select(func.pg_advisory_xact_lock(SWEEPS, func.hashtext(bindparam("held"))))
_NO_SWEEP = select(func.pg_advisory_xact_lock_shared(SWEEPS, func.hashtext(bindparam("held"))))


def hold_name(tx: Transaction, subject_digest: str) -> None:
    """One after the other about one name."""
    _hold(tx, _NAME, subject_digest)


def hold_all_names(tx: Transaction, service: str) -> None:
    """For who may add many subjects of a service: nobody may find one of them missing meanwhile, and act on it."""
    _hold(tx, _SWEEPING, service)


def await_names(tx: Transaction, service: str) -> None:
    """For who found a subject missing: those that are being added are there afterwards."""
    _hold(tx, _NO_SWEEP, service)


def _hold(tx: Transaction, lock: Executable, named: str) -> None:
    if tx.connection.dialect.name != "sqlite":
        tx.rows_unflushed(lock, {"held": named})
