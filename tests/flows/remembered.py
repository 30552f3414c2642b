"""What an onlooker with a notebook expects of answers that stick. Written apart from the code: it keeps no digests,
no rows and no dates of birth, only who was told no, how hard, until when, and under which names.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(hours=72)
Names = frozenset[str]


@dataclass(slots=True)
class No:
    """One subject was told no."""

    whose: str
    weight: int
    until: datetime
    names: set[str]


@dataclass(slots=True)
class Notebook:
    """Every "no" and every correction."""

    noes: list[No] = field(default_factory=list)
    corrected: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def matching(self, names: Names, now: datetime) -> list[No]:
        """Each "no" that one of the names recognises."""
        return [no for no in self.noes if no.until > now and no.names & names]

    def correction(self, subject: str, now: datetime) -> int | None:
        """The corrected age in days, while it waits for a signup."""
        days, until = self.corrected.get(subject, (0, now))
        return days if until > now else None

    def told(self, subject: str, names: Names, own: int, now: datetime, *, exempt: bool = False) -> None:
        """Somebody with these names was answered; `own` is how strict the answer to their own date is."""
        matched = [] if exempt else self.matching(names, now)
        if own:
            mine = [no.weight for no in matched if no.whose == subject]
            self.noes.append(No(subject, max([own, *mine]), now + WINDOW, set(names)))
            self.corrected.pop(subject, None)
        for no in matched:
            if not (own and no.whose == subject):
                no.names |= names

    def lift(self, subject: str) -> None:
        """Evidence says that what this subject was told was wrong."""
        self.noes = [no for no in self.noes if no.whose != subject]
        for no in self.noes:
            no.names.discard(subject)
