"""Lets several serving processes on one machine answer for each other, so that it does not matter which one is asked.

Each leaves its reading in a private folder every second; whoever is asked adds them up. A process that ended keeps its
counts, so no counter falls back; its levels are gone with it. Without the folder a process speaks for itself alone.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread
from typing import Final

from agegate.telemetry.readings import Reading

FOLDER: Final = "AGEGATE_SHARED_METRICS"
EVERY_SECONDS: Final = 1.0


def share() -> Path:
    """Makes the folder for the processes that this one will start; they find it in their environment."""
    folder = Path(mkdtemp(prefix="agegate-metrics-"))
    os.environ[FOLDER] = str(folder)
    return folder


def shared_folder() -> Path | None:
    """The folder of the process that started this one, if it made any."""
    folder = os.environ.get(FOLDER)
    return Path(folder) if folder else None


class Shared:
    """Leaves this process's reading for the others, and reads theirs."""

    def __init__(self, folder: Path, own: Callable[[], Reading]) -> None:
        self._folder = folder
        self._own = own
        self._file = folder / f"{os.getpid()}.json"
        self._stop = Event()
        self._thread = Thread(target=self._leave_often, name="agegate-metrics", daemon=True)
        self._thread.start()

    def others(self) -> Iterator[Reading]:
        """The last readings of the other processes."""
        for file in self._folder.glob("*.json"):
            if file != self._file:
                reading = Reading.of_bytes(file.read_bytes())
                yield reading if _lives(int(file.stem)) else reading.without_levels()

    def close(self) -> None:
        """Leaves the last reading, so that what was counted until now is not lost."""
        self._stop.set()
        self._thread.join()

    def _leave_often(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self._leave()
        self._leave()

    def _leave(self) -> None:
        fresh = self._file.with_suffix(".fresh")
        fresh.write_bytes(self._own().to_bytes())
        fresh.replace(self._file)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
