"""Every metric there is: its name, what it says, its labels. The dashboard and the alerts are tested against this list.

A label is a word of ours (a decision, a profile, a route's template, a kind of work), never a place of one person, a
subject or anything that a caller chose.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agegate.store.batches import BOUNDS as BATCH_SIZES

PREFIX: Final = "agegate_"
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Kind(StrEnum):
    """How a family behaves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric with all its labels."""

    name: str
    kind: Kind
    says: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    @property
    def exported(self) -> str:
        """The name without the endings that the format adds (`_total`, `_bucket`, …)."""
        return PREFIX + self.name


COUNTERS: Final = (
    Family("decisions", Kind.COUNTER, "Decisions about signups and corrections.", ("decision", "profile")),
    Family("consents", Kind.COUNTER, "Consent requests that moved, by where they moved to.", ("transition",)),
    Family("mails", Kind.COUNTER, "Mails handed to the transport, by what it said.", ("result",)),
    Family("webhooks", Kind.COUNTER, "Webhook attempts, by what was told and what came of it.", ("told", "result")),
    Family(
        "acts",
        Kind.COUNTER,
        "Due and periodic work: done, put off for later, or failed.",
        ("kind", "result"),
    ),
    Family("unavailable", Kind.COUNTER, "Answers 503: the database was away, or too much was waiting."),
    Family("log_lines_dropped", Kind.COUNTER, "Log lines lost because nobody took them from the process."),
)
HISTOGRAMS: Final = (
    Family(
        "request_duration_seconds",
        Kind.HISTOGRAM,
        "How long requests took, by route template and status class.",
        ("method", "route", "status"),
        SECONDS,
    ),
    Family("batch_units", Kind.HISTOGRAM, "How many units shared one transaction.", ("line",), BATCH_SIZES),
)
GAUGES: Final = (
    Family("units_waiting", Kind.GAUGE, "Units that wait for a line of the store.", ("line", "lane")),
    Family("processes", Kind.GAUGE, "Processes whose numbers these are."),
)
FACTS: Final = (
    Family("database_up", Kind.GAUGE, "Whether the database answered the last look at it."),
    Family("purges_open", Kind.GAUGE, "Purges that are not certified."),
    Family("purges_overdue", Kind.GAUGE, "Open purges past the time of their order."),
    Family("purge_legs_open", Kind.GAUGE, "Legs that no holder has answered."),
    Family("purge_overdue", Kind.GAUGE, "Open legs past their time: a holder keeps what it must delete."),
    Family("agenda_due", Kind.GAUGE, "Due work that is not done, up to 10,000 in all.", ("kind",)),
    Family("agenda_oldest_seconds", Kind.GAUGE, "For how long the oldest due work waits.", ("kind",)),
    Family("signing_key_age_seconds", Kind.GAUGE, "How long the signing key has been active."),
)
"""Read from the database at most every five seconds; they are the same in every process."""

ALL: Final = (*COUNTERS, *HISTOGRAMS, *GAUGES, *FACTS)
