"""Every payload in every foreign text of every letter, as the bytes that a recording server gets.

One message each, to one recipient, with our headers once each, our parts and our markup, and nothing beside.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

import pytest

from notifications.letters import Letter, compose
from notifications.message import Message
from notifications.operator_notes import LateHolder, OverdueNote
from notifications.transports.smtp import SmtpTransport
from tests.notifications.mail_samples import GUARDIAN, LETTERS, NOW, SENDER
from tests.notifications.payloads import PAYLOADS
from tests.notifications.smtp_servers import HOST, Recorder

OURS = {"recipient", "message_id", "policy_url", "stop_link", "link", "manage_link", "receipt", "page", "issuer"}
"""What nobody outside writes; what such a field may be at all is tested beside."""

NOTE = OverdueNote(
    GUARDIAN, "<note.01@mail.example>", NOW, "https://consent.example", "chat", [LateHolder("shop", 2, NOW, gone=True)]
)
KINDS = {f"{place}-{type(each).__name__}": each for place, each in enumerate((*LETTERS, NOTE))}
SPOKEN = ("8BITMIME", "SIZE 10000000"), ("HELP",)
ONCE = {
    "from", "to", "subject", "date", "mime-version", "content-type",
    "message-id", "auto-submitted", "x-auto-response-suppress", "content-language",
}  # fmt: skip
STOPS = {"list-unsubscribe", "list-unsubscribe-post"}


def poisoned(value: object, text: str) -> object:
    """The same value with that text wherever somebody else writes."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple | list):
        return type(value)(poisoned(each, text) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        foreign = {each.name: poisoned(getattr(value, each.name), text) for each in fields(value)}
        return replace(value, **{name: given for name, given in foreign.items() if name not in OURS})
    return value


def mail_of(kind: object) -> Message:
    """The finished mail."""
    assert isinstance(kind, Letter | OverdueNote)
    return compose(kind) if isinstance(kind, Letter) else kind.message()


async def send_all(messages: Sequence[Message], recorder: Recorder) -> None:
    async with recorder.running() as port:
        transport = SmtpTransport(HOST, port, SENDER, tls="none", time_limit=20.0)
        for message in messages:
            await transport.send(message)


def recorded(kind: object) -> list[tuple[list[bytes], bytes]]:
    """What the server was told for each payload, and the bytes of the text."""
    seen = [Recorder(spoken) for spoken in SPOKEN]

    async def run() -> None:
        for place, recorder in enumerate(seen):
            await send_all([mail_of(poisoned(kind, each)) for each in PAYLOADS[place::2]], recorder)

    asyncio.run(run())
    told: list[tuple[list[bytes], bytes]] = []
    for place, recorder in enumerate(seen):
        count = len(PAYLOADS[place::2])
        assert (len(recorder.texts), len(recorder.commands)) == (count, 5 * count)
        told += [(recorder.commands[5 * at : 5 * at + 5], recorder.texts[at]) for at in range(count)]
    return told


class Tags(HTMLParser):
    """The elements of a page with the names of their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, ...]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, *(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.seen.append(("comment", data))


def parts(mail: EmailMessage) -> list[str]:
    """The kinds of its parts, outermost first."""
    return [part.get_content_type() for part in mail.walk()]


def page(mail: EmailMessage) -> str:
    """The page in it."""
    found = mail.get_body(("html",))
    assert isinstance(found, MIMEPart)
    return str(found.get_content())


def wrong(commands: list[bytes], text: bytes, clean: EmailMessage) -> str | None:
    """What is not as it is without the payload; None where nothing is."""
    mail = message_from_bytes(text, policy=policy.default)
    names = [name.lower() for name in mail.keys()]  # noqa: SIM118 - every header, also those that come twice
    bare = text.replace(b"\r\n", b"")
    checks: dict[str, Callable[[], bool]] = {
        "commands": lambda: [each[:4] for each in commands] == [b"EHLO", b"MAIL", b"RCPT", b"DATA", b"QUIT"],
        "sender": lambda: commands[1].startswith(b"MAIL FROM:<consent@mail.example>"),
        "recipient": lambda: commands[2] == f"RCPT TO:<{GUARDIAN}>\r\n".encode(),
        "line ends": lambda: b"\n" not in bare and b"\r" not in bare,
        "headers": lambda: sorted(names) == sorted(ONCE | (STOPS & set(names))),
        "To": lambda: mail["To"] == GUARDIAN,
        "From": lambda: mail["From"] == SENDER,
        "parts": lambda: parts(mail) == parts(clean),
        "markup": lambda: Tags(page(mail)).seen == Tags(page(clean)).seen,
    }
    return next((name for name, holds in checks.items() if not holds()), None)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_payload_makes_one_mail_with_our_headers_and_our_markup(kind: object) -> None:
    (_, text) = next(iter(recorded_clean(kind)))
    clean = message_from_bytes(text, policy=policy.default)
    found = [wrong(commands, got, clean) for commands, got in recorded(kind)]
    assert (len(found), [each for each in found if each]) == (len(PAYLOADS), [])


def recorded_clean(kind: object) -> list[tuple[list[bytes], bytes]]:
    """The same letter with a harmless name everywhere."""
    recorder = Recorder()
    asyncio.run(send_all([mail_of(poisoned(kind, "Lea"))], recorder))
    return [(recorder.commands, recorder.texts[0])]
