"""The bytes on the wire, whatever a child's or controller's name holds: one message, one recipient."""

import asyncio
from dataclasses import replace
from email import message_from_bytes, policy
from itertools import cycle

import pytest

from notifications.letters import Letter, compose
from notifications.message import Message
from notifications.transports.smtp import SmtpTransport
from tests.notifications.mail_samples import GUARDIAN, LETTERS, MESSAGE, QUESTION, SENDER, question_with
from tests.notifications.smtp_servers import HOST, Letterbox, Recorder, aiosmtpd_server

END_OF_TEXT = [
    "\n.\n",
    "\r.\r",
    "\r\n.\r\n",
    "\n.\r\n",
    "\r\n.\n",
    "\r.\r\n",
    "\r\n.\r",
    "\n\n.\n\n",
    "\x85.\x85",
    "\u2028.\u2028",
]
SMUGGLED = "MAIL FROM:<evil@evil.example>\r\nRCPT TO:<victim@evil.example>\r\nDATA\r\nSubject: x\r\n\r\nhi\r\n.\r\n"
PAYLOADS = [
    *(f"Lea{end}{SMUGGLED}" for end in END_OF_TEXT),
    *(f"Lea{end}" for end in END_OF_TEXT[:7]),
    "Lea\r\nBcc: victim@evil.example",
    "Lea\nBcc: victim@evil.example\n\n<b>body</b>",
    "Lea\rTo: victim@evil.example",
    "Lea\x0bBcc: victim@evil.example",
    "Lea\x0cBcc: victim@evil.example",
    "Lea\x1cBcc: victim@evil.example",
    "Lea\x00\r\nBcc: victim@evil.example",
    "=?utf-8?q?Lea=0D=0ABcc:_victim@evil.example?=",
    "Lea\r\n\r\n--=_boundary\r\nContent-Type: text/html\r\n\r\n<script>1</script>",
    "=?utf-8?b?TGVhDQpCY2M6IHZpY3RpbUBldmlsLmV4YW1wbGU=?=",
    "=\u202e?utf-8?q?Lea=0D=0ABcc:_victim@evil.example?=",
    "==??utf-8?q?Lea=0D=0ABcc:_victim@evil.example?=",
    "Lea =?utf-8?q?=0A?= =?utf-8?q?Bcc:_victim@evil.example?=",
    "Lea%0d%0aBcc: victim@evil.example",
    "Léa\r\nContent-Transfer-Encoding: base64",
    "." * 2000 + "\r\n.\r\n",
    "ü" * 3000,
    *(f"Lea{name}: victim@evil.example" for name in ("\r\nCc", "\r\n\tBcc", "\n Resent-Bcc", "\r\nReply-To", "\nFrom")),
    *(
        f"Lea{gap}Bcc: victim@evil.example"
        for gap in ("\x1d", "\x1e", "\u2028", "\u2029", "\x85", "\u0000\n", "\r\r\n")
    ),
    *(f"Lea{end}RSET\r\nMAIL FROM:<e@evil.example>\r\nRCPT TO:<v@evil.example>\r\n" for end in ("\r\n.\r\n", "\n.\n")),
    "Lea\r\n.\r\nQUIT\r\n",
    "Lea\r\nSubject: another\r\nTo: victim@evil.example\r\n\r\nanother body",
    "Lea\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    "Lea\r\nDKIM-Signature: v=1; d=evil.example",
    "Lea, victim@evil.example",
    "Lea <victim@evil.example>",
    "Lea; victim@evil.example",
    '"Lea" <victim@evil.example>, "',
    "=?utf-16?b?AA0ACgBCAGMAYw==?=",
    "=?utf-8?q?=2E?=\r\n.\r\n",
    "\ufeffLea\r\nBcc: victim@evil.example",
    "Lea{{ 7*7 }}{% raw %}\nBcc: victim@evil.example",
]


SENT: list[tuple[str, Letter]] = list(zip(PAYLOADS, cycle(LETTERS), strict=False))
"""Every payload, and every letter with several of them."""


def test_there_are_sixty_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


def poisoned(letter: Letter, payload: str) -> Letter:
    """A letter whose product, controller and language somebody chose with care."""
    controller = replace(letter.controller, name=f"Co{payload}", contact=f"c@d.example{payload}")
    return replace(letter, product=f"Product{payload}", controller=controller, locale=payload)


def test_every_letter_makes_one_mail_to_one_recipient_at_a_real_server() -> None:
    box = Letterbox()

    async def run() -> None:
        async with aiosmtpd_server(box) as port:
            transport = SmtpTransport(HOST, port, SENDER, tls="none", time_limit=5.0)
            for payload, letter in SENT:
                await transport.send(compose(poisoned(letter, payload)))

    asyncio.run(run())
    mails = [message_from_bytes(content, policy=policy.default) for content in box.contents]
    assert (box.recipients, len(mails)) == ([GUARDIAN] * len(SENT), len(SENT))
    assert [str(mail["To"]) for mail in mails] == [GUARDIAN] * len(SENT)
    names = {name.lower() for mail in mails for name in mail}
    assert names & {"cc", "bcc", "resent-bcc", "reply-to", "dkim-signature"} == set()
    assert {len(mail.get_all("From", [])) for mail in mails} == {1}
    assert {len(mail.get_all("Subject", [])) for mail in mails} == {1}


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
