"""Mail as files in a folder: the default, for a first try and for tests.

Owns the atomic writing of one `.eml` file a message. Tells nobody of it and never removes one.
"""

import asyncio
import os
import threading
from dataclasses import dataclass
from errno import errorcode
from hashlib import sha256
from pathlib import Path

from notifications.message import Message, to_email
from notifications.transports.transport import MailRefusedForNow


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Writes each message under a name made of its Message-ID, so a retry replaces the file."""

    folder: Path
    sender: str

    async def send(self, message: Message) -> None:
        refused = await asyncio.to_thread(self._write, message)
        if refused is not None:
            raise refused

    async def aclose(self) -> None:
        """Nothing is held open."""

    def path_of(self, message: Message) -> Path:
        digest = sha256(message.message_id.encode()).hexdigest()
        return self.folder / f"{digest[:32]}.eml"

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
