from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifications.addresses import BadMailAddress, message_id_for, parse_sender
from notifications.letters import Letter, compose
from notifications.message import Attachment, Message, to_email
from tests.notifications.mail_samples import GUARDIAN, LETTERS, MESSAGE, NOW, QUESTION, SENDER

STOP = "https://consent.example/stop/" + "C3" * 60


def travelled(message: Message) -> EmailMessage:
    """The mail as a recipient's program reads it."""
    return message_from_bytes(bytes(to_email(message, SENDER)), policy=policy.default)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "Example Consent <consent@mail.example>"),
        ("To", GUARDIAN),
        ("Subject", "Please answer"),
        ("Date", "Sun, 22 Nov 2026 09:30:00 +0000"),
        ("Message-ID", "<plain.01@mail.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", "en"),
        ("MIME-Version", "1.0"),
        ("List-Unsubscribe", None),
        ("List-Unsubscribe-Post", None),
    ],
)
def test_the_headers_say_what_the_mail_is(name: str, value: str | None) -> None:
    assert travelled(MESSAGE)[name] == value


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.template)
def test_text_comes_first_and_both_parts_arrive_whole(letter: Letter) -> None:
    message = compose(letter)
    parts = [part for part in travelled(message).walk() if part.get_content_maintype() == "text"]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content().replace("\r\n", "\n") for part in parts] == [message.text, message.html]


def test_a_long_unsubscribe_link_stays_one_word() -> None:
    raw = bytes(to_email(replace(MESSAGE, unsubscribe_url=STOP), SENDER))
    assert f"\r\nList-Unsubscribe: <{STOP}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_long_message_id_stays_one_word() -> None:
    long = f"<{'x' * 120}@{'m' * 60}.example>"
    assert f"\r\nMessage-ID: {long}\r\n".encode() in bytes(to_email(replace(MESSAGE, message_id=long), SENDER))


def test_a_foreign_product_name_is_an_encoded_subject() -> None:
    message = compose(replace(QUESTION, product="Märchenland 童话"))
    raw = bytes(to_email(message, SENDER)).partition(b"\r\n\r\n")[0]
    assert raw.isascii()
    assert travelled(message)["Subject"] == message.subject


def test_equal_messages_are_equal_bytes() -> None:
    assert bytes(to_email(MESSAGE, SENDER)) == bytes(to_email(replace(MESSAGE), SENDER))


def test_the_link_stays_whole_in_the_stored_mail() -> None:
    assert QUESTION.link.encode() in bytes(to_email(compose(QUESTION), SENDER))


def test_a_line_too_long_to_travel_is_encoded() -> None:
    raw = bytes(to_email(replace(MESSAGE, text="ü" * 3000), SENDER))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_a_text_cannot_end_its_own_part() -> None:
    boundary = to_email(MESSAGE, SENDER).get_boundary()
    copied = replace(MESSAGE, text=f"--{boundary}--\n")
    assert len(list(travelled(copied).walk())) == 3


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=8)))
    assert travelled(replace(MESSAGE, sent_at=there))["Date"].datetime == NOW


@pytest.mark.parametrize(
    "wrong",
    [
        {"sent_at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC).replace(tzinfo=None)},
        {"locale": "en\r\nBcc: v@e.example"},
        {"locale": ""},
        {"subject": "two\nlines"},
        {"subject": "half \udc80"},
        {"unsubscribe_url": "mailto:stop@mail.example"},
    ],
)
def test_a_message_that_could_not_travel_does_not_exist(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^The "):
        replace(MESSAGE, **wrong)  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize(("name", "kind"), [("../x", "text/plain"), ("a\r\nb", "text/plain"), ("a", "text")])
def test_an_attachment_has_a_plain_name_and_a_type(name: str, kind: str) -> None:
    with pytest.raises(ValueError, match="plain file name"):
        Attachment(name, kind, b"")


@pytest.mark.parametrize(
    ("sender", "name", "mailbox"),
    [
        ("consent@mail.example", "", "consent@mail.example"),
        ("Example Consent <consent@mail.example>", "Example Consent", "consent@mail.example"),
        ('"Example, Inc." <consent@mail.example>', "Example, Inc.", "consent@mail.example"),
        ("Zustimmung für Länder <consent@mail.example>", "Zustimmung für Länder", "consent@mail.example"),
    ],
)
def test_a_sender_is_a_mailbox_with_or_without_a_name(sender: str, name: str, mailbox: str) -> None:
    parsed = parse_sender(sender)
    assert (parsed.display_name, parsed.addr_spec) == (name, mailbox)


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "consent",
        "a@b.example, c@d.example",
        "x <a@b.example>\r\nBcc: c@d.example",
        "x <a@b.example> y",
        "=?utf-8?q?a=0D=0ABcc:_v?= <a@b.example>",
    ],
)
def test_a_sender_of_another_form_is_refused(sender: str) -> None:
    with pytest.raises(BadMailAddress):
        parse_sender(sender)


def test_a_message_id_is_made_at_the_senders_domain() -> None:
    assert message_id_for("01h.question", SENDER) == "<01h.question@mail.example>"


def test_a_message_id_cannot_be_made_of_foreign_text() -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        message_id_for("a>\r\nBcc: <v", SENDER)
