"""The tombstone ledger: an append-only folder outside the database that a restored backup is held against.

Owns the files, their order and the keyed chain that shows a changed, missing or foreign line. One lock file keeps
writers apart, on one machine or on a shared folder. What a tombstone means is the flows' business.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from agegate.store.digests import keyed

LOCK = "lock"
SUFFIX = ".jsonl"


class LedgerBroken(Exception):
    """The ledger and the database do not belong together, or a line was changed or lost; the text says which."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the ledger: how many tombstones up to there, and the chain's value."""

    position: int = 0
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Whose data is gone, as a keyed digest, and since when."""

    purge: str
    service: str
    digest: str
    reason: str
    purged_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A tombstone at its place in the ledger."""

    mark: Mark
    stone: Tombstone


@dataclass(slots=True)
class _Reading:
    """How far the files were read and checked."""

    file: str = ""
    offset: int = 0
    mark: Mark = Mark()


class Ledger:
    """One folder. Safe for threads of a process, for processes, and for machines that share the folder."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._read = _Reading()
        self._base = Mark()
        self._lines: list[Line] = []
        self._threads = Lock()

    def after(self, known: Mark) -> list[Line]:
        """The lines after the mark that a database knows. Raises LedgerBroken."""
        with self._threads:
            self._follow(known)
            return list(self._lines)

    def append(self, stone: Tombstone, known: Mark, now: datetime) -> list[Line]:
        """Writes a tombstone durably, unless its purge has one, and returns all lines after the mark.

        Raises LedgerBroken, or OSError when the folder cannot be written.
        """
        with self._threads, self._alone():
            self._follow(known)
            if all(line.stone.purge != stone.purge for line in self._lines):
                self._write(stone, now)
                self._follow(known)
            return list(self._lines)

    def _follow(self, known: Mark) -> None:
        try:
            self._read_on(known)
        except LedgerBroken:
            self._read, self._base, self._lines = _Reading(), Mark(), []
            raise

    def _read_on(self, known: Mark) -> None:
        if known.position < self._base.position:
            self._read, self._base, self._lines = _Reading(), Mark(), []
        self._lines += [line for line in self._fresh_lines() if line.mark.position >= known.position]
        end = self._read.mark
        if known.position > end.position:
            raise LedgerBroken(
                f"The ledger {self._folder} ends at tombstone {end.position}, the database knows {known.position}. "
                "Bring the folder back from its copy, or write what is missing from the database: agegate ledger mend"
            )
        for line in self._lines:
            if line.mark.position == known.position:
                self._base = line.mark
        self._lines = [line for line in self._lines if line.mark.position > known.position]
        missing = bool(self._lines) and self._lines[0].mark.position != known.position + 1
        if missing or (known.position and self._base != known):
            raise LedgerBroken(
                f"The ledger {self._folder} is not the one of this database (tombstone {known.position} differs). "
                "Set AGEGATE_LEDGER to the folder that belongs to it; all machines share one."
            )

    def _fresh_lines(self) -> Iterator[Line]:
        for name in self._files():
            if name < self._read.file:
                continue
            offset = self._read.offset if name == self._read.file else 0
            with (self._folder / name).open("rb") as file:
                if file.seek(0, os.SEEK_END) < offset:
                    raise self._changed()
                file.seek(offset)
                for raw in file:
                    if not raw.endswith(b"\n"):
                        break  # a writer died in the middle, or is not done yet
                    line = self._check(raw)
                    offset += len(raw)
                    self._read = _Reading(name, offset, line.mark)
                    yield line

    def _check(self, raw: bytes) -> Line:
        before = self._read.mark
        try:
            facts = json.loads(raw)
            position, chain = int(facts["position"]), str(facts.pop("chain"))
            stone = Tombstone(
                str(facts["purge"]),
                str(facts["service"]),
                str(facts["digest"]),
                str(facts["reason"]),
                datetime.fromisoformat(str(facts["purged_at"])),
            )
            follows = position == before.position + 1
            whole = chain == keyed(self._key, str(facts["after"]), _text(facts))
            whole = whole and raw == _text(facts | {"chain": chain}).encode() + b"\n"
            joined = facts["after"] == before.chain
        except (ValueError, KeyError, TypeError, AttributeError):
            follows = whole = joined = False
        if not (follows and whole and joined):
            raise self._changed()
        return Line(Mark(position, chain), stone)

    def _changed(self) -> LedgerBroken:
        place = self._read.mark.position + 1
        return LedgerBroken(
            f"The ledger {self._folder} was changed at or before tombstone {place}. "
            "Bring the folder back from its copy."
        )

    def _write(self, stone: Tombstone, now: datetime) -> None:
        last = self._read.mark
        facts: dict[str, object] = {
            "position": last.position + 1,
            "purge": stone.purge,
            "service": stone.service,
            "digest": stone.digest,
            "reason": stone.reason,
            "purged_at": exact(stone.purged_at),
            "after": last.chain,
        }
        facts["chain"] = keyed(self._key, last.chain, _text(facts))
        name = max(self._read.file, f"{now:%Y-%m}{SUFFIX}")
        handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            # What a writer that died left behind its last whole line was never acknowledged.
            end = self._read.offset if name == self._read.file else 0
            os.ftruncate(handle, end)
            os.lseek(handle, end, os.SEEK_SET)
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(_text(facts).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        if name != self._read.file:
            self._sync_folder()

    def _files(self) -> list[str]:
        return sorted(path.name for path in self._folder.glob(f"*{SUFFIX}"))

    def _sync_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def exact(at: datetime) -> str:
    """An instant with its microseconds: what was made in the same second as a purge is told from what came after."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text(facts: dict[str, object]) -> str:
    return json.dumps(facts, separators=(",", ":"))
