"""Apply a sweep: accounts in batches, each in one transaction with the position, so that a killed run goes on.

Owns the batches and the refusal of a file that is not what it was. What becomes of an account is `enrol_swept.py`'s
business. While one batch is being written the next one is sealed.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agegate.flows.begin_sweep import PIPE, BeginSweep
from agegate.flows.enrol_swept import EnrolSwept, Pace, SweptAccount
from agegate.flows.forms import SignupForm
from agegate.flows.sign_up import Judgement
from agegate.rules.birth_date import BirthDate
from agegate.store.records import Service
from agegate.store.store import Store
from agegate.store.sweeps import Sweep, move_sweep, note_sweep
from agegate.store.transaction import Transaction
from agegate.sweeping.file_pass import SweepStopped
from agegate.sweeping.jurisdictions import Jurisdiction
from agegate.sweeping.row_reader import Account

BATCH = 1000

MOVED = "another process applies the same file. Let it finish; running this again afterwards is harmless."
CHANGED = "the file changed while it was read. What was written stays; sweep the file as it is now with --anew."


@dataclass(slots=True)
class ApplyFile:
    """Takes the accounts of a file in their order."""

    store: Store
    begin: BeginSweep
    enrol: EnrolSwept
    service: Service
    sweep: Sweep
    now: datetime
    every: timedelta
    actor: str
    content: str
    """The digest of the file as it was when the sweep began; or PIPE."""

    unchanged: Callable[[], bool]
    position: int = field(init=False)
    counts: Counter[str] = field(init=False)
    pace: Pace = field(init=False)
    _judged: dict[tuple[Jurisdiction, int], Judgement] = field(init=False, default_factory=dict)
    _ready: list[SweptAccount] = field(init=False, default_factory=list)
    _read: int = field(init=False, default=0)
    _pool: ThreadPoolExecutor = field(init=False)
    _under_way: "Future[None] | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.position = self.sweep.position
        self.counts = Counter(self.sweep.counts)
        self.pace = Pace(self.sweep.asked_until or self.sweep.begun_at, self.every)
        self._pool = ThreadPoolExecutor(1)

    def __call__(self, accounts: Sequence[Account]) -> None:
        """Hands in the accounts of a block; those that an earlier run wrote are passed over. Raises SweepStopped."""
        if self.sweep.finished_at is not None:
            return
        for account in accounts:
            if account.line > self.sweep.position:
                self._ready.append(self._prepared(account))
                if len(self._ready) == BATCH:
                    self._hand_in(account.line)
        self._read = accounts[-1].line if accounts else self._read

    def finish(self, read: str) -> None:
        """Writes what is left and notes the end, if what was read is what was begun. Raises SweepStopped."""
        if self._ready:
            self._hand_in(self._read)
        self._wait()
        if self.content not in {PIPE, read}:
            raise SweepStopped(CHANGED)
        if self.sweep.finished_at is None:
            self.store.write_now(lambda tx: self.begin.finish(tx, self.sweep, self.counts, self.now, self.actor))

    def close(self) -> None:
        """Lets the last batch end."""
        self._pool.shutdown()

    def _hand_in(self, line: int) -> None:
        ready, self._ready = self._ready, []
        self._wait()
        if not self.unchanged():
            raise SweepStopped(CHANGED)
        self._under_way = self._pool.submit(self._write, ready, line)

    def _wait(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _write(self, batch: list[SweptAccount], line: int) -> None:
        def unit(tx: Transaction) -> tuple[Counter[str], Pace] | None:
            # The first write: of two that apply one file only one moves it.
            if not move_sweep(tx, self.sweep.id, self.position, line):
                return None
            counts, pace = self.enrol(tx, self.service, batch, self.pace, self.now, self.actor)
            facts = {"counts": dict(self.counts + counts), "asked_until": pace.until}
            note_sweep(tx, self.sweep.id, facts)
            return counts, pace

        done = self.store.write_now(unit)
        if done is None:
            raise SweepStopped(MOVED)
        self.counts += done[0]
        self.pace, self.position = done[1], line

    def _prepared(self, account: Account) -> SweptAccount:
        form = SignupForm(BirthDate(account.born), (account.at.place,), email=account.email or None)
        claim, known = account.claim, (account.at, account.step)
        judged = self._judged.get(known)
        if judged is None:
            judged = self._judged[known] = self.enrol.judge(self.service, form, self.now)
        return SweptAccount(
            subject=account.subject,
            form=form,
            ready=self.enrol.prepare(self.service, account.subject, form, judged, self.now),
            guardian=account.guardian or None,
            locale=account.locale or None,
            created_at=account.created_at,
            claimed=claim is not None,
            claimed_at=claim.at if claim else None,
            claim_reference=claim.reference if claim else None,
        )
