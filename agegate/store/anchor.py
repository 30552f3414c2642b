"""The anchor of the audit log: every signed checkpoint once more, in a file outside the database and its backups.

Whoever can rewrite the database, or cuts off its newest entries, is betrayed by it. Owns the file and nothing else;
copy it to where the database's operators cannot write.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from agegate.signing.strict_jws import JsonValue, TokenRefused, read_object, take_apart
from agegate.store.audit_log import Checkpoint, checkpoints_after
from agegate.store.transaction import Transaction

FILE_NAME = "audit-checkpoints.txt"
LONGEST = 4096
AT_ONCE = 1000


class Anchor:
    """One line a checkpoint, oldest first; only ever appended to."""

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self.path = folder / name

    def lines(self) -> Iterator[str]:
        """The signed checkpoints; a line that a sudden end cut short at the end is not one."""
        if not self.path.exists():
            return
        with self.path.open(encoding="ascii", errors="replace") as file:
            yield from (line.rstrip("\n") for line in file if line.endswith("\n"))

    def last_number(self) -> int:
        """The number of the newest checkpoint in the file; 0 when there is none."""
        if not self.path.exists():
            return 0
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 2 * LONGEST))
            whole = [line for line in file.readlines() if line.endswith(b"\n")]
        return claimed_number(whole[-1].decode("ascii", "replace").strip()) if whole else 0

    def missing(self, tx: Transaction, after: int) -> list[Checkpoint]:
        """The checkpoints of the database that the file does not have yet."""
        return list(checkpoints_after(tx, after, AT_ONCE))

    def append(self, checkpoints: list[Checkpoint]) -> None:
        """Adds checkpoints that are newer than the newest in the file, durably. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # another process may write to the same folder
            last = self.last_number()
            new = [each.jws for each in checkpoints if each.number > last]
            torn = file.seek(0, os.SEEK_END) > 0 and not self._ends_a_line()
            file.write(("\n" * torn + "".join(f"{jws}\n" for jws in new)).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())

    def _ends_a_line(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def claimed_number(jws: str) -> int:
    """The number that a checkpoint says of itself, unverified; 0 where it says none."""
    try:
        value: JsonValue = read_object(take_apart(jws, longest=LONGEST).payload).get("number")
    except TokenRefused:
        return 0
    return value if type(value) is int else 0
