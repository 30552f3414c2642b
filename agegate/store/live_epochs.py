"""The wrapping keys as the key file has them now: which one seals at this instant, and which ones open.

Owns noticing within a second that a month began or that the file changed, so that a key which was opened or destroyed
counts in running servers; and changing the file, whole or not at all.
"""

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agegate.clock import Clock
from agegate.entropy import Entropy
from agegate.environment import CannotStart
from agegate.rules.epochs import current_epoch
from agegate.store.keyring import KEY_BYTES, Keyring

LOOK_EVERY = timedelta(seconds=1)


class LiveEpochs:
    """The epochs of one key file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._counts: tuple[datetime, datetime] | None = None
        """From when until when what was seen counts."""

        self._known: tuple[int, int] | None = None
        self._ciphers: dict[str, AESGCM] = {}
        self._sealing = ""

    def sealing(self) -> tuple[str, AESGCM]:
        """The epoch that seals now."""
        self._look()
        return self._sealing, self._ciphers[self._sealing]

    def opening(self, name: str) -> AESGCM | None:
        """The key of an epoch, or None where it was destroyed, or the file is another's."""
        self._look()
        return self._ciphers.get(name)

    def names(self) -> list[str]:
        """Every epoch whose key exists, the oldest first."""
        self._look()
        return sorted(self._ciphers)

    def open_epoch(self, name: str, entropy: Entropy) -> bool:
        """Makes the key of an epoch; False where it exists. Raises OSError."""
        return self._changed(lambda epochs: {name: entropy(KEY_BYTES)} | epochs)

    def destroy(self, name: str) -> bool:
        """Takes a key out of the file; False where there is none. Raises OSError."""
        return self._changed(lambda epochs: {each: key for each, key in epochs.items() if each != name})

    def _changed(self, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bool:
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ring = Keyring.read(self.path)
            epochs = change(ring.epochs)
            if epochs.keys() == ring.epochs.keys():
                return False
            current = ring.current if ring.current in epochs else max(epochs)
            draft = self.path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            Keyring(ring.root, dict(sorted(epochs.items())), current).write(draft)
            draft.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self._counts = None
        return True

    def _look(self) -> None:
        now = self._clock()
        if self._counts is not None and self._counts[0] <= now < self._counts[1]:
            return
        try:
            self._read()
        except (OSError, CannotStart):
            if not self._ciphers:
                raise  # what was read before goes on counting: a file that is being copied is no reason to stop
        self._sealing = current_epoch(self._ciphers, now) or min(self._ciphers)
        self._counts = now, now + LOOK_EVERY

    def _read(self) -> None:
        found = self.path.stat()
        if (found.st_mtime_ns, found.st_ino) != self._known:
            ring = Keyring.read(self.path)
            self._ciphers = {name: AESGCM(key) for name, key in ring.epochs.items()}
            self._known = found.st_mtime_ns, found.st_ino


class FixedEpochs:
    """The epochs of a key ring as it was read, for whoever needs no more."""

    def __init__(self, ring: Keyring) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in ring.epochs.items()}
        self._current = ring.current

    def sealing(self) -> tuple[str, AESGCM]:
        """The epoch that seals."""
        return self._current, self._ciphers[self._current]

    def opening(self, name: str) -> AESGCM | None:
        """The key of an epoch, or None."""
        return self._ciphers.get(name)
