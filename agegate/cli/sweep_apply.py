"""The part of `agegate sweep` that writes: begins or goes on, and stops in words when it must not go on."""

import os
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from typing import TYPE_CHECKING, BinaryIO

from agegate.cli.door import refuse, say
from agegate.clock import rfc3339

if TYPE_CHECKING:
    from agegate.house import House
    from agegate.store.records import Service
    from agegate.sweeping.apply_file import ApplyFile

LAPSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is to be applied, and by whom."""

    actor: str
    per_hour: int
    anew: bool


def begin(opened: "House", found: "Service", stream: BinaryIO, now: datetime, wish: Wish) -> "ApplyFile":
    """What takes the accounts; ends the command where another file waits for its end."""
    from agegate.flows.begin_sweep import PIPE, BeginSweep, OtherUnfinished
    from agegate.rules.errors import ControllerIncomplete
    from agegate.signup_desk import enrol_swept
    from agegate.sweeping.apply_file import ApplyFile

    if not found.controller_complete:
        refuse(ControllerIncomplete())
    begins = BeginSweep(opened.digests, opened.audit)
    content = _digest(stream) if _is_file(stream) else PIPE
    sweep = opened.store.write_now(lambda tx: begins(tx, found.name, content, now, wish.actor, anew=wish.anew))
    if isinstance(sweep, OtherUnfinished):
        refuse(
            f"a sweep of another file, or of this one before it was changed, stopped after line {sweep.position:,} "
            f"(begun {rfc3339(sweep.begun_at)}). Run that file to its end first, or leave it behind with --anew."
        )
    if sweep.finished_at is not None:
        say(f"This file was applied on {rfc3339(sweep.finished_at)}; it is read again for the report alone.")
    elif sweep.position:
        say(f"Goes on after line {sweep.position:,}, where it stopped.")
    enrol, every, before = enrol_swept(opened), LAPSE / wish.per_hour, _look(stream)
    return ApplyFile(
        opened.store, begins, enrol, found, sweep, now, every, wish.actor, content, lambda: _look(stream) == before
    )


def _digest(stream: BinaryIO) -> str:
    found = file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # typed for files opened by name
    stream.seek(0)
    return found


def _is_file(stream: BinaryIO) -> bool:
    return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)


def _look(stream: BinaryIO) -> tuple[int, int]:
    """What shows from outside that a file is another one; of a pipe nothing does."""
    found = os.fstat(stream.fileno())
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else (0, 0)
