"""Mail as files in a folder: the default, for a first try and for tests.

Owns the atomic writing of one `.eml` file a message, and removing those of one name. Tells nobody of it.
"""

import asyncio
import os
import threading
from collections.abc import Collection
from dataclasses import dataclass
from errno import errorcode
from hashlib import sha256
from pathlib import Path

from notifications.message import Message, to_email
from notifications.transports.transport import MailRefusedForNow


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Writes each message under a name made of its Message-ID, so a retry replaces the file.

    The name begins with a digest of the row that the mail is about, so that all of one row can be found and removed.
    """

    folder: Path
    sender: str

    async def send(self, message: Message) -> None:
        refused = await asyncio.to_thread(self._write, message)
        if refused is not None:
            raise refused

    async def forget(self, names: Collection[str]) -> None:
        await asyncio.to_thread(self._remove, names)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def path_of(self, message: Message) -> Path:
        about, _, _ = message.message_id.removeprefix("<").partition(".")
        return self.folder / f"{_digest(about)}-{_digest(message.message_id)}.eml"

    def _write(self, message: Message) -> MailRefusedForNow | None:
        """Refuses nobody; a full or unwritable disk is a reason to try again."""
        path = self.path_of(message)
        draft = path.with_name(f".{path.stem}.{os.getpid()}-{threading.get_ident()}")
        content = bytes(to_email(message, self.sender))
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_privately(draft, content)
            draft.replace(path)
            sync_folder(self.folder)
        except OSError as error:
            return MailRefusedForNow(f"folder-{errorcode.get(error.errno or 0, 'EIO')}")
        return None

    def _remove(self, names: Collection[str]) -> None:
        """A draft that a sudden end left behind goes too."""
        if not self.folder.exists():
            return
        begins = tuple(f"{_digest(name)}-" for name in names)
        for path in [each for each in self.folder.iterdir() if each.name.removeprefix(".").startswith(begins)]:
            path.unlink(missing_ok=True)
        sync_folder(self.folder)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def write_privately(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the new name survive a loss of power, like the content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
