"""One pass over a file of accounts: every line becomes an account that is judged and counted, or a fault with its line.

Owns the order of the checks and the counts. Never holds more than a block of lines; what is done with the accounts is
the caller's business.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import BinaryIO

from agegate.sweeping.jurisdictions import Jurisdictions
from agegate.sweeping.lines import Block, Lines
from agegate.sweeping.row_reader import Account, RowReader
from agegate.sweeping.seen import Seen
from agegate.sweeping.sheets import Fault, RowRefused, Sheet, csv_sheet, ndjson_sheet

LINE, SUBJECT, ANSWER = itemgetter(0), itemgetter(1), itemgetter(3, 4)
"""Of an account its line, its subject, and its place with the number of the answer there."""

CLAIM = 9
Reject = Callable[[int, Fault], None]


class SweepStopped(Exception):
    """The sweep cannot go on; the text says why and what to do. What was written before stays."""


@dataclass(slots=True)
class FilePass:
    """`accounts` is walked once; the counts are whole when it ends."""

    stream: BinaryIO
    jurisdictions: Jurisdictions
    reader: RowReader
    reject: Reject
    rows: int = 0
    """Lines that say anything, the header left out."""

    faults: Counter[Fault] = field(default_factory=Counter)
    lines: Lines = field(init=False)

    def __post_init__(self) -> None:
        self.lines = Lines(self.stream)

    @property
    def accepted(self) -> int:
        """Rows that were judged."""
        return self.rows - self.faults.total()

    def accounts(self) -> Iterator[list[Account]]:
        """The accounts, block by block. Raises HeaderRefused."""
        sheet, seen = None, Seen()
        try:
            for block in self.lines:
                if sheet is None:
                    sheet = self._sheet(block)
                yield self._read(block, sheet, seen)
        finally:
            seen.close()

    def _sheet(self, block: Block) -> Sheet:
        """What the first line says about the form; a CSV's header is no account."""
        first = block.lines[0]
        if first.lstrip().startswith("{"):
            return ndjson_sheet
        block.lines[0] = ""
        return csv_sheet(first)

    def _read(self, block: Block, sheet: Sheet, seen: Seen) -> list[Account]:
        accounts, wrong = [], []
        reader, bad = self.reader, block.bad
        for number, line in enumerate(block.lines, block.first):
            if not line:
                if bad and (code := bad.get(number - block.first)):
                    wrong.append((number, Fault("line", code)))
                continue
            try:
                accounts.append(reader(number, sheet(line)))
            except RowRefused as refused:
                wrong.append((number, refused.fault))
        if again := seen.repeated(map(SUBJECT, accounts), map(LINE, accounts)):
            wrong += [(line, Fault("subject", "repeated_subject")) for line in again]
            accounts = [account for account in accounts if account.line not in again]
        for (at, step), count in Counter(map(ANSWER, accounts)).items():
            at.counts[step] += count
        for account in [account for account in accounts if account[CLAIM] is not None]:
            account.at.claims[account.step] += 1
        self._reject(wrong)
        self.rows += len(accounts) + len(wrong)
        return accounts

    def _reject(self, wrong: list[tuple[int, Fault]]) -> None:
        for line, fault in sorted(wrong):
            self.faults[fault] += 1
            self.reject(line, fault)
