import asyncio
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from stat import S_IMODE

import pytest

from notifications.message import Message
from notifications.transports import MailRefusedForNow
from notifications.transports.folder import FolderTransport
from tests.notifications.mail_samples import MESSAGE, SENDER


def send(folder: Path, *messages: Message) -> list[Path]:
    async def run() -> None:
        transport = FolderTransport(folder, SENDER)
        await asyncio.gather(*(transport.send(message) for message in messages))
        await transport.aclose()

    asyncio.run(run())
    return sorted(folder.iterdir())


def test_the_mail_lies_in_one_eml_file(tmp_path: Path) -> None:
    (path,) = send(tmp_path / "deep" / "outbox", MESSAGE)
    assert path.suffix == ".eml"
    assert message_from_bytes(path.read_bytes())["Message-ID"] == MESSAGE.message_id


def test_a_retry_writes_the_same_file_again(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in send(tmp_path, MESSAGE)}
    assert {path: path.read_bytes() for path in send(tmp_path, replace(MESSAGE))} == first


def test_another_message_is_another_file(tmp_path: Path) -> None:
    assert len(send(tmp_path, MESSAGE, replace(MESSAGE, message_id="<plain.02@mail.example>"))) == 2


def test_many_at_once_leave_no_draft(tmp_path: Path) -> None:
    paths = send(tmp_path, *[MESSAGE] * 20)
    assert [path.suffix for path in paths] == [".eml"]


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    (path,) = send(tmp_path / "outbox", MESSAGE)
    assert (S_IMODE(path.stat().st_mode), S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_the_name_tells_nothing(tmp_path: Path) -> None:
    (path,) = send(tmp_path, MESSAGE)
    assert "plain" not in path.name
    assert "guardian" not in path.name


def test_a_folder_that_cannot_be_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailRefusedForNow, match="folder-E"):
        asyncio.run(FolderTransport(tmp_path / "file", SENDER).send(MESSAGE))
