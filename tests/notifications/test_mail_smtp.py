import asyncio
import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from notifications.letters import compose
from notifications.message import Message
from notifications.transports import MailRefused, MailRefusedForGood, MailRefusedForNow, open_transport
from notifications.transports.smtp import SmtpTransport
from tests.notifications.mail_samples import GUARDIAN, MESSAGE, RECEIPT, SENDER
from tests.notifications.smtp_servers import (
    HOST,
    Certified,
    Letterbox,
    Recorder,
    aiosmtpd_server,
    self_made_certificate,
)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return self_made_certificate(tmp_path_factory.mktemp("tls"))


def plain(port: int) -> SmtpTransport:
    return SmtpTransport(HOST, port, SENDER, tls="none", time_limit=5.0)


def send_to(
    server: AbstractAsyncContextManager[int],
    message: Message = MESSAGE,
    transport: Callable[[int], SmtpTransport] = plain,
) -> None:
    async def run() -> None:
        async with server as port:
            await transport(port).send(message)

    asyncio.run(run())


def refused_by(
    server: AbstractAsyncContextManager[int], transport: Callable[[int], SmtpTransport] = plain
) -> MailRefused:
    with pytest.raises(MailRefused) as refused:
        send_to(server, transport=transport)
    return refused.value


def test_a_real_server_gets_the_mail_for_its_one_recipient() -> None:
    box = Letterbox()
    send_to(aiosmtpd_server(box))
    assert box.recipients == [GUARDIAN]


def test_the_receipt_arrives_byte_for_byte() -> None:
    box = Letterbox()
    send_to(aiosmtpd_server(box), compose(RECEIPT))
    *_, attached = message_from_bytes(box.contents[0], policy=policy.default).iter_attachments()
    assert attached.get_content() == RECEIPT.receipt.encode()


def test_an_opened_address_delivers() -> None:
    box = Letterbox()

    async def run() -> None:
        async with aiosmtpd_server(box) as port:
            transport = open_transport(f"smtp://{HOST}:{port}?tls=none", SENDER)
            await transport.send(MESSAGE)
            await transport.aclose()

    asyncio.run(run())
    assert len(box.contents) == 1


@pytest.mark.parametrize(
    ("at_rcpt", "at_data", "error", "code"),
    [
        ("450 4.2.1 <guardian@home.example> busy", "250 OK", MailRefusedForNow, "smtp-450"),
        ("421 4.3.2 closing", "250 OK", MailRefusedForNow, "smtp-421"),
        ("452 4.2.2 full", "250 OK", MailRefusedForNow, "smtp-452"),
        (
            "530 5.7.0 sign in first",
            "250 OK",
            MailRefusedForNow,
            "smtp-530",
        ),  # our own fault
        ("503 5.5.1 bad sequence", "250 OK", MailRefusedForNow, "smtp-503"),
        ("550 5.1.1 <guardian@home.example> unknown", "250 OK", MailRefusedForGood, "smtp-550"),
        ("556 5.1.10 takes no mail", "250 OK", MailRefusedForGood, "smtp-556"),
        ("250 OK", "451 4.7.1 try later", MailRefusedForNow, "smtp-451"),
        ("250 OK", "554 5.7.1 not wanted", MailRefusedForGood, "smtp-554"),
    ],
)
def test_the_reply_code_decides_between_later_and_never(
    at_rcpt: str, at_data: str, error: type[MailRefused], code: str
) -> None:
    refused = refused_by(aiosmtpd_server(Letterbox(at_rcpt=at_rcpt, at_data=at_data)))
    assert (type(refused), refused.code) == (error, code)


def test_a_refusal_carries_no_address_however_deep_one_looks() -> None:
    refused = refused_by(aiosmtpd_server(Letterbox(at_rcpt=f"550 5.1.1 <{GUARDIAN}> unknown")))
    assert refused.__cause__ is None
    assert refused.__context__ is None
    assert GUARDIAN not in repr(refused)


def test_nobody_listening_is_tried_again() -> None:
    async def run() -> int:
        async with aiosmtpd_server(Letterbox()) as port:
            return port

    closed = asyncio.run(run())
    with pytest.raises(MailRefusedForNow, match="connection"):
        asyncio.run(plain(closed).send(MESSAGE))


def test_a_silent_server_is_left_after_the_time_limit() -> None:
    refused = refused_by(Recorder(greeting=None).running(), lambda port: replace(plain(port), time_limit=0.2))
    assert (type(refused), refused.code) == (MailRefusedForNow, "timeout")


def test_a_greeting_that_says_no_is_tried_again() -> None:
    refused = refused_by(Recorder(greeting=b"554 mx.example no mail here\r\n").running())
    assert (type(refused), refused.code) == (MailRefusedForNow, "smtp-554")


def test_a_reset_after_the_text_is_tried_again() -> None:
    refused = refused_by(Recorder(reset_after_data=True).running())
    assert (type(refused), refused.code) == (MailRefusedForNow, "connection")


def test_the_second_try_sends_the_same_bytes() -> None:
    recorder = Recorder()

    async def run() -> None:
        async with recorder.running() as port:
            await plain(port).send(MESSAGE)
            await plain(port).send(replace(MESSAGE))

    asyncio.run(run())
    assert recorder.texts[0] == recorder.texts[1]


class DropsAtQuit(Recorder):
    """Takes the mail and then hangs up without a word."""

    def _reply(self, verb: bytes) -> bytes:
        return b"" if verb == b"QUIT" else super()._reply(verb)


def test_a_server_that_hangs_up_after_taking_the_mail_has_taken_it() -> None:
    recorder = DropsAtQuit()
    send_to(recorder.running())
    assert len(recorder.texts) == 1


def test_starttls_encrypts_before_the_mail(certified: Certified) -> None:
    box = Letterbox()
    send_to(
        aiosmtpd_server(box, starttls=certified.server),
        transport=lambda port: SmtpTransport(HOST, port, SENDER, tls_context=certified.client),
    )
    assert box.under_tls == [True]


def test_tls_from_the_first_byte_works(certified: Certified) -> None:
    box = Letterbox()
    send_to(
        aiosmtpd_server(box, tls=certified.server),
        transport=lambda port: SmtpTransport(HOST, port, SENDER, tls="tls", tls_context=certified.client),
    )
    assert len(box.contents) == 1


def test_a_stripped_starttls_is_refused_and_nothing_is_said() -> None:
    recorder = Recorder()
    refused = refused_by(recorder.running(), lambda port: SmtpTransport(HOST, port, SENDER))
    assert (type(refused), refused.code) == (MailRefusedForNow, "starttls-missing")
    assert [command[:4] for command in recorder.commands] == [b"EHLO"]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_an_unknown_certificate_is_refused(certified: Certified, tls: str) -> None:
    box = Letterbox()
    server = aiosmtpd_server(
        box,
        starttls=certified.server if tls == "starttls" else None,
        tls=certified.server if tls == "tls" else None,
    )
    stranger = ssl.create_default_context()
    refused = refused_by(
        server,
        lambda port: SmtpTransport(HOST, port, SENDER, tls="tls" if tls == "tls" else "starttls", tls_context=stranger),
    )
    assert (type(refused), refused.code) == (MailRefusedForNow, "tls")
    assert box.contents == []


@pytest.mark.parametrize(("password", "mails"), [("right-1", 1), ("wrong-2", 0)])
def test_a_server_that_wants_a_password_gets_it_under_tls(certified: Certified, password: str, mails: int) -> None:
    box = Letterbox()
    server = aiosmtpd_server(box, starttls=certified.server, password="right-1")
    with suppress(MailRefusedForNow):
        send_to(
            server,
            transport=lambda port: SmtpTransport(
                HOST, port, SENDER, user="agent", password=password, tls_context=certified.client
            ),
        )
    assert len(box.contents) == mails


def test_a_wrong_password_is_nobodys_but_ours(certified: Certified) -> None:
    refused = refused_by(
        aiosmtpd_server(Letterbox(), starttls=certified.server, password="right-1"),
        lambda port: SmtpTransport(HOST, port, SENDER, user="agent", password="wrong-2", tls_context=certified.client),
    )
    assert (type(refused), refused.code) == (MailRefusedForNow, "smtp-535")


def test_a_password_that_the_server_cannot_take_sends_no_mail() -> None:
    box = Letterbox()
    refused = refused_by(aiosmtpd_server(box), lambda port: replace(plain(port), user="agent", password="hidden-7"))
    assert type(refused) is MailRefusedForNow
    assert "hidden-7" not in repr(refused)


def test_the_password_is_not_shown() -> None:
    assert "hidden-7" not in repr(replace(plain(25), user="agent", password="hidden-7"))
