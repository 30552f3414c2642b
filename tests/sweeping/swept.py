"""A sweep applied to a house of tests, and the state that it left, without what is random in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from agegate.flows.begin_sweep import BeginSweep, OtherUnfinished
from agegate.signup_desk import enrol_swept
from agegate.store.registry import find_service
from agegate.sweeping import apply_file
from agegate.sweeping.apply_file import ApplyFile
from agegate.sweeping.file_pass import FilePass
from agegate.sweeping.jurisdictions import Jurisdictions
from agegate.sweeping.lines import Lines
from agegate.sweeping.row_reader import RowReader
from tests.houses import Home

EVERY = timedelta(seconds=10)
STATE = """
SELECT s.subject, s.state, s.country, s.region, s.grown, s.assurance, s.expires_at IS NOT NULL AS ends,
  s.admitted_at IS NOT NULL AS admitted, w.subject_id IS NOT NULL AS noted, w.sealed_guardian IS NOT NULL AS asks,
  w.claim_reference_digest, w.claimed_at,
  (SELECT count(*) FROM agenda a WHERE a.ref = s.id) AS due,
  (SELECT count(*) FROM events e WHERE e.subject_id = s.id) AS told
FROM subjects s LEFT JOIN swept_subjects w ON w.subject_id = s.id ORDER BY s.subject
"""


class Stop(Exception):
    """Where a test lets a run end."""


@dataclass(slots=True)
class Swept:
    """One run over one file."""

    home: Home
    file: Path
    service: str = "game"

    def digest(self) -> str:
        """Of the file as it is."""
        with self.file.open("rb") as stream:
            lines = Lines(stream)
            for _ in lines:
                pass
            return lines.digest

    def begin(self, *, anew: bool = False, content: str | None = None) -> ApplyFile | OtherUnfinished:
        """As the command begins."""
        house, now, name = self.home.house, self.home.clock(), self.service
        begins, content = BeginSweep(house.digests, house.audit), content or self.digest()
        sweep = house.store.write_now(lambda tx: begins(tx, name, content, now, "command", anew=anew))
        service = house.store.read_now(lambda tx: find_service(tx, name))
        assert service is not None
        if isinstance(sweep, OtherUnfinished):
            return sweep
        enrol = enrol_swept(house)
        return ApplyFile(house.store, begins, enrol, service, sweep, now, EVERY, "command", content, lambda: True)

    def run(self, applying: ApplyFile | None = None, before: Callable[[int], None] | None = None) -> ApplyFile:
        """Applies the file from where it stopped; `before` is told the line at which each block ends."""
        begun = applying or self.begin()
        assert isinstance(begun, ApplyFile)
        rules, now = self.home.house.rules, self.home.clock()
        places = Jurisdictions(rules, rules.profile(begun.service.profile), now)
        with self.file.open("rb") as stream:
            reading = FilePass(stream, places, RowReader(places, now), print)
            reading.lines = Lines(stream, chunk=512)
            try:
                for accounts in reading.accounts():
                    if before is not None:
                        before(accounts[-1].line if accounts else 0)
                    begun(accounts)
                begun.finish(reading.lines.digest)
            finally:
                begun.close()
        return begun

    def state(self) -> list[tuple[object, ...]]:
        """Everything that is the same however often a run was stopped."""
        with self.home.house.store.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(STATE))]


@contextmanager
def small_batches(size: int) -> Iterator[None]:
    """Fewer accounts a transaction, so that a small file has many."""
    usual, apply_file.BATCH = apply_file.BATCH, size
    try:
        yield
    finally:
        apply_file.BATCH = usual
