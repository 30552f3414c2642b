"""The bytes on the wire, whatever a child's or controller's name holds: one message, one recipient."""

import asyncio
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from notifications.letters import compose
from notifications.message import Message
from notifications.transports.smtp import SmtpTransport
from tests.notifications.mail_samples import GUARDIAN, MESSAGE, QUESTION, SENDER, question_with
from tests.notifications.payloads import PAYLOADS
from tests.notifications.smtp_servers import HOST, Recorder


def test_there_are_sixty_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


def wire(message: Message, recorder: Recorder) -> Recorder:
    async def run() -> None:
        async with recorder.running() as port:
            await SmtpTransport(HOST, port, SENDER, tls="none", time_limit=5.0).send(message)

    asyncio.run(run())
    return recorder


def assert_one_mail(seen: Recorder) -> None:
    assert [command[:4] for command in seen.commands] == [b"EHLO", b"MAIL", b"RCPT", b"DATA", b"QUIT"]
    assert seen.commands[2] == f"RCPT TO:<{GUARDIAN}>\r\n".encode()
    (text,) = seen.texts
    bare = text.replace(b"\r\n", b"")
    assert b"\n" not in bare
    assert b"\r" not in bare
    headers = message_from_bytes(text, policy=policy.default)
    assert headers.get_all("To") == [GUARDIAN]
    assert headers["Bcc"] is None


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("extensions", [("8BITMIME",), ("HELP",)], ids=["8bit", "7bit"])
def test_names_and_products_make_one_mail(payload: str, extensions: tuple[str, ...]) -> None:
    letter = replace(question_with(payload, payload), product=payload)
    assert_one_mail(wire(compose(letter), Recorder(extensions)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_body_that_was_never_cleaned_makes_one_mail(payload: str) -> None:
    assert_one_mail(wire(replace(MESSAGE, text=payload, html=payload), Recorder()))


@pytest.mark.parametrize(
    "payload", [payload for payload in PAYLOADS if len(payload.splitlines()) > 1 or "=?" in payload]
)
def test_a_subject_that_could_become_a_header_is_no_message(payload: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        replace(MESSAGE, subject=payload)


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "guardian",
        "@home.example",
        "guardian@",
        "guardian@home.example\r\nRCPT TO:<victim@evil.example>",
        "guardian@home.example, victim@evil.example",
        "guardian@home.example victim@evil.example",
        "<guardian@home.example>",
        "Guardian <guardian@home.example>",
        "guardian@home.example> SIZE=1",
        '"a b"@home.example',
        "guardian@home.example\n",
        "guardian@-home.example",
        "guardian@home..example",
        ".guardian@home.example",
        "vörmund@home.example",
        "=?utf-8?q?a=0D=0ABcc=3A_victim=40evil.example?=@home.example",
        "guardian@hôme.example",
        "g" * 65 + "@home.example",
    ],
)
def test_only_one_plain_mailbox_is_a_recipient(recipient: str) -> None:
    with pytest.raises(ValueError, match="not one plain") as refused:
        replace(MESSAGE, recipient=recipient)
    assert "victim" not in str(refused.value)


@pytest.mark.parametrize("message_id", ["", "x@y.example", "<x>", "<a@b>\r\nBcc: v@e.example", "<a b@c.d>"])
def test_a_message_id_of_another_form_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        replace(MESSAGE, message_id=message_id)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://consent.example/\r\nBcc: v@e.example",
        'https://consent.example/"onclick="x',
        "https://consent.example/<script>",
        "https://consent.example/ x",
        "//consent.example",
        "https://",
        "https://consent.example/=?utf-8?q?=0D=0ABcc:_victim?=",
    ],
)
def test_a_link_is_a_plain_web_address(link: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        replace(QUESTION, link=link)
