"""The guardian's own copy of the receipt: behind the link of the mail, in the mail, and checked years later from it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from agegate.flows.show_receipt import show_receipt
from agegate.notices.receipt_page import STYLE_SOURCE, receipt_page
from tests.cli.commands import run
from tests.houses import START, Home, Json, furnished
from tests.journeys.people import (
    GUARDIAN,
    LINK,
    NONCE,
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
PARTS: dict[str, tuple[str, ...]] = {
    "controller": ("id", "name", "address", "contact"),
    "notice": ("url", "version", "language", "sha256"),
    "principal": ("ref",),
    "expressed_by": ("ref", "assurance", "method"),
}
TEXTS = ("receipt_id", "iss", "method", "jurisdiction", "policy", "disclosure", "withdrawal", "rights", "authority")
RECEIPT: Json = {name: dict.fromkeys(parts, "x") for name, parts in PARTS.items()} | dict.fromkeys(TEXTS, "x")
RECEIPT |= {name: [] for name in ("rules", "recipients", "storage_places", "events")}


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


def in_german(home: Home, purposes: tuple[str, ...] = ()) -> str:
    """A guardian who was asked in German and said yes to those purposes; the request's id."""
    waiting_minor(home)
    path = "/v1/subjects/alex/consent-requests"
    form = {"guardian_email": GUARDIAN, "locale": "de"}
    request = str(home.call("POST", path, form, key=home.keys["game"]).json()["id"])
    home.work()
    cookie, page = open_page(home, link_in_last_mail(home))
    nonce = NONCE.search(page.text)
    assert nonce is not None
    answered = {"nonce": nonce[1], "answer": "grant"} | {f"purpose.{each}": "on" for each in purposes}
    assert home.browse("POST", "/guardian", answered, cookie).status_code == 200
    home.work()
    return request


def signed_like(claims: Json) -> str:
    """Three parts with a dot between; whether they hold is not asked by a page."""
    return f"e30.{urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.e30"


def signed_claims(home: Home) -> Json:
    """What the receipt in the newest mail says under its signature."""
    part = attached(home.mails()[-1])["consent-receipt.jwt"].decode().split(".")[1]
    claims: Json = json.loads(urlsafe_b64decode(part + "=="))
    return claims


def test_the_receipt_speaks_the_guardians_language_and_keeps_its_codes(home: Home) -> None:
    page = page_of(home, in_german(home), "de")
    processing = signed_claims(home)["processing"]
    assert isinstance(processing, list)
    assert [each["purpose"] for each in processing] == ["provide", "safety", "improve"]
    german = (
        "Den Chat bereitstellen",
        "Chats und hochgeladene Dateien",
        "Volksrepublik China",
        "Companies of the DeepSeek",
    )
    assert [text in page for text in german] == [True, True, True, False]


@pytest.mark.parametrize(
    ("chosen", "place"), [((), "Sie haben nicht Ja gesagt"), (("disclosure",), "Sie haben Ja gesagt")]
)
def test_the_mail_lists_the_answer_about_third_parties(home: Home, chosen: tuple[str, ...], place: str) -> None:
    in_german(home, chosen)
    part = home.mails()[-1].get_body(("plain",))
    text = str(part.get_content()) if part else ""
    before = text.partition("Daten an andere weitergeben")[0]
    headings = [line for line in before.splitlines() if line.startswith("Sie haben") and line.endswith(":")]
    assert (text.count("Daten an andere weitergeben"), headings[-1].startswith(place)) == (1, True)


def test_a_receipt_that_signed_codes_alone_looks_as_it_did() -> None:
    body = {"purpose": "provide", "categories": ["Chats"], "retention": "a year", "decision": "granted"}
    old = signed_like(RECEIPT | {"processing": [body]})
    new = signed_like(RECEIPT | {"processing": [body | {"title": "Den Chat bereitstellen"}]})
    assert "<dd><bdi>provide</bdi></dd>" in receipt_page([old], "de")
    assert "<dd><bdi>Den Chat bereitstellen</bdi> (" in receipt_page([new], "de")
