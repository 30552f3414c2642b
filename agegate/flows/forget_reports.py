"""Forget what is left of cases that are over: digests that count for a cool-down, and not a day longer."""

from dataclasses import dataclass
from datetime import datetime

from agegate.rules.report import COOL_DOWN
from agegate.store import reports
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ForgetReports:
    """A chore of the worker."""

    def __call__(self, tx: Transaction, *, now: datetime) -> int:
        """How many cases were deleted."""
        return reports.forget_reports(tx, now - COOL_DOWN)
