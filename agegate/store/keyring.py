"""The key file: one root for digests and links, and the wrapping keys by epoch.

Owns reading, making (test only) and deriving. The file lies outside the database and its backups, so that a stolen
or restored database alone opens nothing. What is sealed with these keys is `vault.py`'s business.
"""

import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agegate.entropy import Entropy
from agegate.environment import CannotStart

KEY_BYTES = 32
ROOT = 0


def is_open_to_others(found: os.stat_result, *, read_only: bool, groups: Collection[int]) -> bool:
    """Whether anybody but we and root may read the file, or anybody but its owner write it.

    A secret that a container or systemd mounts belongs to root and is read by way of our group (0440): that is as
    closed, as long as nobody can change the mode there.
    """
    mode = stat.S_IMODE(found.st_mode)
    mounted = read_only and found.st_uid == ROOT and found.st_gid in {ROOT, *groups}
    return bool(mode & (0o037 if mounted else 0o077))


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys of this installation. `current` names the epoch that seals; all others only open."""

    root: bytes
    epochs: dict[str, bytes]
    current: str

    @classmethod
    def make(cls, entropy: Entropy, now: datetime) -> Self:
        """Fresh keys; the first epoch is named after the month."""
        epoch = f"{now:%Y-%m}"
        return cls(entropy(KEY_BYTES), {epoch: entropy(KEY_BYTES)}, epoch)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The keys in a file.

        Raises CannotStart when the file is missing, readable by others, or not a key file.
        """
        try:
            found, mount = path.stat(), os.statvfs(path)
            content = json.loads(path.read_text("ascii"))
            epochs = {str(name): b64decode(key, validate=True) for name, key in content["epochs"].items()}
            keys = cls(b64decode(content["root"], validate=True), epochs, str(content["current"]))
        except OSError as fault:
            raise CannotStart(
                f"The key file {path} cannot be read ({fault.strerror}). Name it with AGEGATE_KEK_FILE, "
                "or make the first one with: agegate init"
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CannotStart(
                f"The key file {path} is damaged. Restore it from its backup; without it no sealed field opens again."
            ) from None
        groups, read_only = {os.getegid(), *os.getgroups()}, bool(mount.f_flag & os.ST_RDONLY)
        if is_open_to_others(found, read_only=read_only, groups=groups):
            raise CannotStart(f"The key file {path} may be read by others. Close it with: chmod 600 {path}")
        if keys.current not in epochs or any(len(key) != KEY_BYTES for key in (keys.root, *epochs.values())):
            raise CannotStart(f"The key file {path} holds no usable current key. Restore it from its backup.")
        return keys

    def write(self, path: Path) -> None:
        """Writes the keys for the owner alone; never over an existing file (FileExistsError). Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {
            "root": b64encode(self.root).decode(),
            "epochs": {name: b64encode(key).decode() for name, key in self.epochs.items()},
            "current": self.current,
        }
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose only (HKDF-SHA-256, RFC 5869), so that no two uses share a key."""
        return HKDF(SHA256(), KEY_BYTES, None, f"agegate/{purpose}".encode()).derive(self.root)
