import asyncio
import json
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from notifications.letters import compose
from notifications.message import Message
from notifications.transports import MailRefused, MailRefusedForGood, MailRefusedForNow, open_transport
from notifications.transports.http import PostmarkTransport
from notifications.transports.provider_answer import refusal
from tests.notifications.mail_samples import GUARDIAN, MESSAGE, RECEIPT, SENDER

TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "0a"}


@dataclass
class Provider:
    """A provider on loopback that answers as told and keeps what it was asked."""

    status: int = 200
    answer: bytes = json.dumps(TAKEN).encode()
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    asked: list[tuple[str, dict[str, str], dict[str, object]]] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[int]:
        provider = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                provider.asked.append((self.path, dict(self.headers.items()), json.loads(body)))
                time.sleep(provider.delay)
                with suppress(ConnectionError):
                    self.reply()

            def reply(self) -> None:
                self.send_response(provider.status)
                for name, value in provider.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(provider.answer)))
                self.end_headers()
                self.wfile.write(provider.answer)

            def log_message(self, *_words: object) -> None:
                """Quiet."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield server.server_address[1]
            finally:
                server.shutdown()
                thread.join()


def send(provider: Provider, message: Message = MESSAGE, time_limit: float = 5.0) -> None:
    async def run(port: int) -> None:
        transport = open_transport(f"http://t0k3n@127.0.0.1:{port}/email", SENDER, allow_plain_http=True)
        assert isinstance(transport, PostmarkTransport)
        try:
            await replace(transport, time_limit=time_limit).send(message)
        finally:
            await transport.aclose()

    with provider.running() as port:
        asyncio.run(run(port))


def refused_by(provider: Provider, time_limit: float = 5.0) -> MailRefused:
    with pytest.raises(MailRefused) as refused:
        send(provider, time_limit=time_limit)
    return refused.value


def test_the_token_travels_in_the_providers_header_only() -> None:
    provider = Provider()
    send(provider)
    ((path, headers, _body),) = provider.asked
    assert path == "/email"
    assert headers["X-Postmark-Server-Token"] == "t0k3n"
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("From", SENDER),
        ("To", GUARDIAN),
        ("Subject", MESSAGE.subject),
        ("TextBody", MESSAGE.text),
        ("HtmlBody", MESSAGE.html),
        ("TrackOpens", False),
        ("TrackLinks", "None"),
        ("Attachments", []),
    ],
)
def test_the_request_holds_the_mail_and_refuses_tracking(member: str, value: object) -> None:
    provider = Provider()
    send(provider)
    assert provider.asked[0][2][member] == value


@pytest.mark.parametrize(
    "header",
    [
        {"Name": "Message-ID", "Value": "<plain.01@mail.example>"},
        {"Name": "X-PM-KeepID", "Value": "true"},
        {"Name": "Auto-Submitted", "Value": "auto-generated"},
        {"Name": "List-Unsubscribe", "Value": "<https://consent.example/stop>"},
    ],
)
def test_the_request_keeps_the_headers(header: dict[str, str]) -> None:
    provider = Provider()
    send(provider, replace(MESSAGE, unsubscribe_url="https://consent.example/stop"))
    headers = provider.asked[0][2]["Headers"]
    assert isinstance(headers, list)
    assert header in headers


def test_the_receipt_is_attached() -> None:
    provider = Provider()
    send(provider, compose(RECEIPT))
    attachments = provider.asked[0][2]["Attachments"]
    assert isinstance(attachments, list)
    (file,) = attachments
    assert (file["Name"], b64decode(file["Content"])) == ("consent-receipt.jwt", RECEIPT.receipt.encode())


def test_a_retry_asks_for_the_same() -> None:
    provider = Provider()
    send(provider)
    send(provider, replace(MESSAGE))
    assert provider.asked[0][2] == provider.asked[1][2]


@pytest.mark.parametrize(
    ("status", "answer", "error", "code"),
    [
        (
            422,
            b'{"ErrorCode": 406, "Message": "bounced"}',
            MailRefusedForGood,
            "postmark-406",
        ),
        (422, b'{"ErrorCode": 300, "Message": "Invalid \'To\' address: \'x\'."}', MailRefusedForGood, "postmark-300"),
        (422, b'{"ErrorCode": 300, "Message": "Error parsing \'To\': no domain"}', MailRefusedForGood, "postmark-300"),
        (422, b'{"ErrorCode": 300, "Message": "Invalid \'From\' address."}', MailRefusedForNow, "postmark-300"),
        (422, b'{"ErrorCode": 300, "Message": "Invalid \'Reply-To\' address."}', MailRefusedForNow, "postmark-300"),
        (422, b'{"ErrorCode": 300, "Message": ["To"]}', MailRefusedForNow, "postmark-300"),
        (422, b'{"ErrorCode": 300}', MailRefusedForNow, "postmark-300"),
        (422, b'{"ErrorCode": 406}', MailRefusedForGood, "postmark-406"),
        (422, b"[" * 60_000, MailRefusedForNow, "http-422"),
        (200, b"{" + b" " * 100_000 + b'"ErrorCode": 0}', MailRefusedForNow, "http-200"),
        (422, b'{"ErrorCode": 400, "Message": "no such sender"}', MailRefusedForNow, "postmark-400"),
        (422, b'{"ErrorCode": 405, "Message": "no credits"}', MailRefusedForNow, "postmark-405"),
        (401, b'{"ErrorCode": 10, "Message": "bad token"}', MailRefusedForNow, "postmark-10"),
        (401, b'{"ErrorCode": 406, "Message": "odd"}', MailRefusedForNow, "postmark-406"),
        (200, b'{"ErrorCode": 406, "Message": "odd"}', MailRefusedForNow, "postmark-406"),
        (200, b'{"ErrorCode": false}', MailRefusedForNow, "http-200"),
        (
            200,
            b"<html>welcome</html>",
            MailRefusedForNow,
            "http-200",
        ),  # a portal in between
        (200, b"[]", MailRefusedForNow, "http-200"),
        (200, b"\xff", MailRefusedForNow, "http-200"),
        (403, b"<html>no</html>", MailRefusedForNow, "http-403"),
        (422, b"", MailRefusedForNow, "http-422"),
        (429, b"", MailRefusedForNow, "http-429"),
        (500, b"", MailRefusedForNow, "http-500"),
        (503, b'{"ErrorCode": 0}', MailRefusedForNow, "http-503"),
    ],
)
def test_the_answer_decides_between_later_and_never(
    status: int, answer: bytes, error: type[MailRefused], code: str
) -> None:
    refused = refused_by(Provider(status, answer))
    assert (type(refused), refused.code) == (error, code)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "120"}, 120),
        (503, {"Retry-After": " 7 "}, 7),
        (500, {}, None),
        (429, {"Retry-After": "soon"}, None),
        (429, {"Retry-After": "-5"}, None),
        (429, {"Retry-After": "9" * 40}, 7 * 24 * 3600),
        (429, {"Retry-After": "Sun, 22 Nov 2026 09:01:00 GMT", "Date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 60),
        (429, {"Retry-After": "Sun, 22 Nov 2026 08:00:00 GMT", "Date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 0),
        (429, {"Retry-After": "Sun, 22 Nov 2026 09:01:00 GMT"}, None),
    ],
)
def test_the_patience_that_is_asked_for_is_heard(status: int, headers: dict[str, str], seconds: float | None) -> None:
    refused = refusal(status, b"", headers)
    assert isinstance(refused, MailRefusedForNow)
    assert refused.wish == (None if seconds is None else timedelta(seconds=seconds))


def test_a_wish_comes_over_the_wire() -> None:
    refused = refused_by(Provider(429, b'{"ErrorCode": 429, "Message": "slow"}', {"Retry-After": "33"}))
    assert (getattr(refused, "wish", None), refused.code) == (timedelta(seconds=33), "postmark-429")


def test_a_redirect_is_not_followed() -> None:
    other = Provider()
    with other.running() as port:
        refused = refused_by(Provider(307, b"", {"Location": f"http://127.0.0.1:{port}/email"}))
    assert (refused.code, other.asked) == ("http-307", [])


def test_a_slow_provider_is_left_after_the_time_limit() -> None:
    refused = refused_by(Provider(delay=0.6), time_limit=0.1)
    assert (type(refused), refused.code) == (MailRefusedForNow, "timeout")


def test_an_absent_provider_is_tried_again() -> None:
    with Provider().running() as port:
        closed = port

    async def run() -> None:
        transport = open_transport(f"http://t0k3n@127.0.0.1:{closed}/email", SENDER, allow_plain_http=True)
        try:
            await transport.send(MESSAGE)
        finally:
            await transport.aclose()

    with pytest.raises(MailRefusedForNow, match="connection"):
        asyncio.run(run())


def test_the_name_that_a_bounce_brings_back_travels_as_metadata() -> None:
    provider = Provider()
    send(provider, replace(MESSAGE, bounce_name="q01"))
    send(provider)
    assert [asked[2].get("Metadata") for asked in provider.asked] == [{"letter": "q01"}, None]


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    provider = Provider()
    send(provider)
    assert len(provider.asked) == 1
