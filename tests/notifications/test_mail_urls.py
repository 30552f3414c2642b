import traceback
from pathlib import Path

import pytest

from notifications.addresses import BadMailAddress
from notifications.transports import BadMailUrl, open_transport
from notifications.transports.folder import FolderTransport
from notifications.transports.http import PostmarkTransport
from notifications.transports.smtp import SmtpTransport
from tests.notifications.mail_samples import SENDER

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("folder:outbox", "outbox"),
        ("folder:/var/lib/out box", "/var/lib/out box"),
        ("folder:a?b#c%41", "a?b#c%41"),
        ("FOLDER:outbox", "outbox"),
    ],
)
def test_a_folder_is_taken_as_it_is_written(url: str, folder: str) -> None:
    assert open_transport(url, SENDER) == FolderTransport(Path(folder), SENDER)


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("smtp://mx.example", SmtpTransport("mx.example", 587, SENDER)),
        ("smtp://mx.example?tls=starttls", SmtpTransport("mx.example", 587, SENDER)),
        ("smtp://mx.example/?tls=tls", SmtpTransport("mx.example", 465, SENDER, tls="tls")),
        ("smtp://mx.example?tls=none", SmtpTransport("mx.example", 25, SENDER, tls="none")),
        ("smtp://[::1]:2525?tls=none", SmtpTransport("::1", 2525, SENDER, tls="none")),
        (
            "smtp://u%40x:p%2F%23%3A@mx.example:26",
            SmtpTransport("mx.example", 26, SENDER, user="u@x", password="p/#:"),
        ),
        (
            "smtp://u:p@127.0.0.1:26?tls=none",
            SmtpTransport("127.0.0.1", 26, SENDER, tls="none", user="u", password="p"),
        ),
    ],
)
def test_an_smtp_address_asks_for_starttls_unless_told_otherwise(url: str, transport: SmtpTransport) -> None:
    assert open_transport(url, SENDER) == transport


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://t0k3n@api.postmarkapp.com/email", "https://api.postmarkapp.com/email"),
        ("https://t0k3n@relay.example:8443/v1/email", "https://relay.example:8443/v1/email"),
        ("https://t0k3n@[::1]:8443/email", "https://[::1]:8443/email"),
    ],
)
def test_the_token_leaves_the_providers_address(url: str, endpoint: str) -> None:
    transport = open_transport(url, SENDER)
    assert isinstance(transport, PostmarkTransport)
    assert (transport.endpoint, transport.token) == (endpoint, "t0k3n")
    assert "t0k3n" not in repr(transport)


@pytest.mark.parametrize(
    "url",
    [
        "",
        SECRET,
        "outbox",
        "folder:",
        f"folder://{SECRET}",
        f"file:///{SECRET}",
        f"smtps://u:{SECRET}@mx.example",
        f"smtp://u:{SECRET}@",
        f"smtp://u:{SECRET}@mx.example:port",
        f"smtp://u:{SECRET}@mx.example:0",
        f"smtp://u:{SECRET}@mx.example:99999",
        f"smtp://u:{SECRET}/x@mx.example",
        f"smtp://u:{SECRET}#x@mx.example",
        f"smtp://u:[{SECRET}@mx.example",
        f"smtp://u:{SECRET}@mx.example/path",
        f"smtp://u:{SECRET}@mx.example?tls=no",
        f"smtp://u:{SECRET}@mx.example?tls=tls&tls=none",
        f"smtp://u:{SECRET}@mx.example?ssl=1",
        f"smtp://u:{SECRET}@mx.example?tls=none",
        f"smtp://{SECRET}@mx.example",
        f"smtp://u:{SECRET}@mx.exämple",
        f"smtp://u:{SECRET}@mx..example",
        f"smtp://u:{SECRET}@{'m' * 64}.example",
        f"https://{SECRET}@api%2F.example/email",
        f"smtp://u:{SECRET}@mx.example\n",
        f"smtp://u:{SECRET} x@mx.example",
        "https://api.postmarkapp.com/email",
        f"https://{SECRET}@api.postmarkapp.com",
        f"https://u:{SECRET}@api.postmarkapp.com/email",
        f"https://{SECRET}@api.postmarkapp.com/email?x=1",
        f"https://{SECRET}%0d%0aX@api.postmarkapp.com/email",
        f"https://{SECRET}@/email",
        f"http://{SECRET}@127.0.0.1/email",
    ],
)
def test_a_wrong_address_is_explained_without_its_secret(url: str) -> None:
    with pytest.raises(BadMailUrl) as refused:
        open_transport(url, SENDER)
    shown = "".join(traceback.format_exception(refused.value.with_traceback(None)))
    assert SECRET not in shown
    assert refused.value.__context__ is None
    for form in ("folder:PATH", "smtp://USER:PASSWORD@HOST:PORT", "https://TOKEN@"):
        assert form in shown


@pytest.mark.parametrize("url", [f"http://{SECRET}@mx.example/email", f"http://{SECRET}@10.0.0.1/email"])
def test_plain_http_never_leaves_this_machine(url: str) -> None:
    with pytest.raises(BadMailUrl):
        open_transport(url, SENDER, allow_plain_http=True)


def test_a_wrong_sender_is_refused_at_once() -> None:
    with pytest.raises(BadMailAddress):
        open_transport("folder:outbox", "nobody")
