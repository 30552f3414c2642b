"""The worker against a mail provider on loopback that slows down, breaks off, refuses and lies."""

import asyncio
import json
from dataclasses import dataclass, field, replace

import pytest

from agegate.app import worker
from notifications.transports import open_transport
from tests.houses import Home
from tests.journeys.people import GUARDIAN, waiting_minor

PATH = "/v1/subjects/alex/consent-requests"
TAKEN = (200, b'{"ErrorCode": 0, "Message": "OK"}', "")
BREAKS = (200, None, "")
Answers = list[tuple[int, bytes | None, str]]


@dataclass
class Hostile:
    """Answers in turn with a status, a body and a header line; with no body, it takes the mail and breaks off."""

    answers: Answers
    mails: list[dict[str, object]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        self.mails.append(json.loads(await reader.readexactly(size)))
        status, body, header = self.answers[min(len(self.mails), len(self.answers)) - 1]
        length = 1 if body is None else len(body)
        writer.write(f"HTTP/1.1 {status} X\r\n{header}Content-Length: {length}\r\n\r\n".encode() + (body or b""))
        await writer.drain()
        writer.close()

    def names(self) -> set[str]:
        """Every Message-ID under which a mail came."""
        headers = [each for mail in self.mails for each in mail["Headers"]]  # type: ignore[attr-defined]  # JSON
        return {each["Value"] for each in headers if each["Name"] == "Message-ID"}


def through(home: Home, provider: Hostile) -> None:
    """Lets the worker do what is due at this moment, with that provider."""

    async def scene() -> None:
        server = await asyncio.start_server(provider.talk, "127.0.0.1", 0)
        url = f"http://t0k3n@127.0.0.1:{server.sockets[0].getsockname()[1]}/email"
        transport = open_transport(url, home.house.settings.mail_from, allow_plain_http=True)
        await worker(replace(home.house, transport=transport)).until_idle()
        await transport.aclose()
        server.close()

    asyncio.run(scene())


@pytest.fixture
def request_id(home: Home) -> str:
    """A request whose mail is due."""
    waiting_minor(home)
    return str(home.call("POST", PATH, {"guardian_email": GUARDIAN}, key=home.keys["game"]).json()["id"])


def state(home: Home, request: str) -> str:
    """The request as its service sees it."""
    return str(home.call("GET", f"{PATH}/{request}", key=home.keys["game"]).json()["state"])


def test_taken_and_broken_off_it_is_sent_again_as_the_same_mail(home: Home, request_id: str) -> None:
    provider = Hostile([BREAKS, TAKEN])
    through(home, provider)
    home.clock.move(hours=1)
    through(home, provider)
    home.clock.move(hours=1)
    through(home, provider)
    assert (len(provider.mails), len(provider.names()), state(home, request_id)) == (2, 1, "pending")
    assert provider.mails[0] == provider.mails[1]


@pytest.mark.parametrize(("minutes", "sent"), [(59, 1), (61, 2)])
def test_the_provider_is_left_alone_for_as_long_as_it_asks(
    home: Home, request_id: str, minutes: int, sent: int
) -> None:
    provider = Hostile([(429, b"", "Retry-After: 3600\r\n"), TAKEN])
    through(home, provider)
    home.clock.move(minutes=minutes)
    through(home, provider)
    assert (len(provider.mails), state(home, request_id)) == (sent, "pending")


@pytest.mark.parametrize(
    ("status", "body", "became"),
    [
        (422, b'{"ErrorCode": 406, "Message": "inactive"}', "undeliverable"),
        (422, b'{"ErrorCode": 300, "Message": "Invalid \'To\' address."}', "undeliverable"),
        (422, b'{"ErrorCode": 300, "Message": "Invalid \'From\' address."}', "pending"),
        (422, b'{"ErrorCode": 400, "Message": "Sender signature not found"}', "pending"),
        (401, b'{"ErrorCode": 10, "Message": "bad token"}', "pending"),
        (500, b'{"ErrorCode": 406}', "pending"),
        (502, b"<html>", "pending"),
        (200, b"<html>welcome to the hotel</html>", "pending"),
    ],
)
def test_only_what_is_about_the_recipient_ends_the_question(
    home: Home, request_id: str, status: int, body: bytes, became: str
) -> None:
    through(home, Hostile([(status, body, "")]))
    assert state(home, request_id) == became
