"""The guardian's own copy of the receipt: behind the link of the mail, in the mail, and checked years later from it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from agegate.flows.show_receipt import show_receipt
from agegate.notices.receipt_page import STYLE_SOURCE
from tests.cli.commands import run
from tests.houses import START, Home, furnished
from tests.journeys.people import (
    GUARDIAN,
    LINK,
    SIXTEEN,
    answer,
    ask_guardian,
    consented_minor,
    link_in_last_mail,
    open_page,
    waiting_minor,
)
from tests.journeys.test_receipts import archive, purge, rotate
from tests.notifications.smtp_servers import Letterbox
from tests.privacy.canaries import told
from tests.worker.remotes import mail_through

HERE = "/guardian/receipt"


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Home]:
    """A house of a month ago: commands look at the real clock, and evidence of the future is refused."""
    yield from furnished(tmp_path, f"sqlite:///{tmp_path}/database.sqlite3", START - timedelta(days=30))


def attached(mail: EmailMessage) -> dict[str, bytes]:
    """The files of a mail, byte by byte."""
    return {str(part.get_filename()): part.get_payload(decode=True) for part in mail.iter_attachments()}  # type: ignore[misc]  # leaves are bytes


def page_of(home: Home, request: str, locale: str) -> str:
    """The receipt's page as the flow makes it."""
    shown = home.house.store.read_now(lambda tx: show_receipt(tx, request, locale))
    assert shown is not None
    return shown.html


def test_the_mail_brings_the_page_and_the_signed_text(home: Home) -> None:
    request = consented_minor(home)
    files = attached(home.mails()[-1])
    assert (list(files), files["receipt.html"].decode()) == (
        ["consent-receipt.jwt", "receipt.html"],
        page_of(home, request, "en"),
    )
    assert [name for name in (GUARDIAN, SIXTEEN) if told(name, files["receipt.html"])] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_guardian_reads_the_receipt_behind_the_link(home: Home, language: str) -> None:
    request = consented_minor(home)
    cookie, manage = open_page(home, link_in_last_mail(home))
    shown = home.browse("GET", HERE, cookie=cookie, headers={"Accept-Language": language})
    assert (shown.status_code, shown.text) == (200, page_of(home, request, language))
    assert (f'href="{HERE}"' in manage.text, shown.headers["content-language"]) == (True, language)
    assert f"style-src {STYLE_SOURCE};" in shown.headers["content-security-policy"]


def test_nobody_else_reads_it(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    cookie, _ = open_page(home, link_in_last_mail(home))
    assert [home.browse("GET", HERE, cookie=each).status_code for each in ("", cookie)] == [404, 404]


def test_the_whole_road_through_a_mail_server_to_a_check_years_later(earlier: Home, tmp_path: Path) -> None:
    box = Letterbox()
    waiting_minor(earlier)
    path = "/v1/subjects/alex/consent-requests"
    body = {"guardian_email": GUARDIAN, "locale": "de"}
    assert earlier.call("POST", path, body, key=earlier.keys["game"]).status_code == 202
    mail_through(earlier, box)
    question = message_from_bytes(box.contents[-1], policy=default).get_body(("plain",))
    assert question is not None
    link = LINK.search(question.get_content())
    assert link is not None
    assert answer(earlier, "grant", link[0]).status_code == 200
    mail_through(earlier, box)
    for _ in range(2):
        rotate(earlier)
    purge(earlier)
    keys = tmp_path / "archive.json"
    keys.write_text(json.dumps(archive(earlier)))
    files = attached(message_from_bytes(box.contents[-1], policy=default))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        came = run("receipt", "verify", str(tmp_path / name), "--keys", str(keys), "--accept-test")
        assert (came.exit_code, came.stderr.splitlines()[:1]) == (0, ["The consent receipt holds."]), name
    assert (box.recipients, b'lang="de"' in files["receipt.html"]) == ([GUARDIAN] * 2, True)
