"""From the columns of a line to an account, by the same strict rules as a call of the API.

Owns which cell is refused and why; a fault names the column and never what stood in it. Dates and domains repeat, so
what was read once is remembered for a while: the answer is the same, only sooner.
"""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime
from typing import Final, NamedTuple, TypeVar

from agegate.law.civil_day import latest_today
from agegate.rules.birth_date import BirthDate, BirthDateRefused
from agegate.rules.subject_id import SUBJECT_ID, subject_id_fault
from agegate.sweeping.jurisdictions import Jurisdiction, Jurisdictions
from agegate.sweeping.sheets import Cells, RowRefused
from agegate.web.addresses import MAX_CHARACTERS, AddressRefused, read_address

REMEMBERED: Final = 65_536
LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}", re.ASCII)
LONGEST_REFERENCE: Final = 256
PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*", re.ASCII)
LONGEST_LOCAL: Final = 64
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT: Final = re.compile(DAY.pattern + r"T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)

T = TypeVar("T")


class Claim(NamedTuple):
    """A consent that the file says was given elsewhere: when, and the file's own name for it."""

    at: datetime | None
    reference: str


class Account(NamedTuple):
    """One account of the file, well-formed and judged."""

    line: int
    subject: str
    born: date
    at: Jurisdiction
    step: int
    email: str
    guardian: str
    locale: str
    created_at: datetime | None
    claim: Claim | None


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, jurisdictions: Jurisdictions, now: datetime) -> None:
        self._jurisdictions = jurisdictions
        self._places = jurisdictions.known
        self._now = now
        self._latest = latest_today(now)
        self._dates: dict[str, date] = {}
        self._domains: dict[str, str] = {}
        self._locales: dict[str, str] = {}
        self._instants: dict[str, datetime] = {}

    def __call__(self, line: int, cells: Cells) -> Account:
        """The account. Raises RowRefused with the first thing that is wrong with it."""
        subject, born_text, country, region, email, guardian, locale, created, consented, reference = cells
        if SUBJECT_ID.fullmatch(subject) is None:
            raise RowRefused("subject", subject_id_fault(subject) or "invalid_subject")
        born = self._dates.get(born_text) or self.birth_date(born_text)
        at = self._places.get((country, region)) or self._jurisdictions.at(country, region)
        if email:
            email = self.address("email", email)
        if guardian:
            guardian = self.address("guardian_email", guardian)
        if locale and locale not in self._locales:
            self.locale(locale)
        began = (self._instants.get(created) or self.instant("created_at", created)) if created else None
        claim = self._claim(consented, reference) if consented or reference else None
        step = bisect_left(at.cutoffs, born)
        return _account((line, subject, born, at, step, email, guardian, locale, began, claim))

    def birth_date(self, text: str) -> date:
        """The day, read by the house's rule and remembered."""
        try:
            born = BirthDate.read(text, self._latest).day
        except BirthDateRefused as refused:
            raise RowRefused("date_of_birth", refused.code) from None
        _remember(self._dates, text, born)
        return born

    def address(self, column: str, text: str) -> str:
        """The address as it is mailed to: the domain is what is hard to judge, and it repeats."""
        local, _, domain = text.partition("@")
        if len(local) > LONGEST_LOCAL or len(text) > MAX_CHARACTERS or PLAIN_LOCAL.fullmatch(local) is None:
            return _address(column, text)
        known = self._domains.get(domain)
        if known is None:
            known = _address(column, f"a@{domain}").partition("@")[2]
            _remember(self._domains, domain, known)
        return text if known == domain else f"{local}@{known}"

    def locale(self, text: str) -> None:
        """Refuses what is no name of a language."""
        if LOCALE.fullmatch(text) is None:
            raise RowRefused("locale", "invalid_locale")
        _remember(self._locales, text, text)

    def instant(self, column: str, text: str) -> datetime:
        """A past instant, or a past day as its beginning."""
        if INSTANT.fullmatch(text) is None and DAY.fullmatch(text) is None:
            raise RowRefused(column, "invalid_format")
        try:
            at = datetime.fromisoformat(text)
            at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise RowRefused(column, "not_a_date") from None
        if at > self._now:
            raise RowRefused(column, "in_future")
        _remember(self._instants, text, at)
        return at

    def _claim(self, consented: str, reference: str) -> Claim:
        if len(reference) > LONGEST_REFERENCE or not reference.isprintable():
            raise RowRefused("consent_reference", "invalid_reference")
        return Claim(self.instant("consent_at", consented) if consented else None, reference)


def _account(fields: tuple[object, ...]) -> Account:
    # What `Account(…)` does, in a third of the time; the reader above is where a large file spends it.
    return tuple.__new__(Account, fields)


def _remember(memory: dict[str, T], text: str, read: T) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[text] = read


def _address(column: str, text: str) -> str:
    try:
        return read_address(text)
    except AddressRefused as refused:
        raise RowRefused(column, refused.code) from None
