"""Mail that was accepted and came back later: through the command to which a mail server pipes it."""

import asyncio
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from typer.testing import CliRunner, Result

from agegate.app import worker
from agegate.cli.app import app
from agegate.environment import CannotStart
from agegate.settings import load_settings
from agegate.signing.letter_names import LetterKind, LetterNames
from notifications.bounces import Bounce, read_bounce
from notifications.transports import open_transport
from tests.houses import Home, open_home
from tests.journeys.people import GUARDIAN, answer, ask_guardian, consented_minor, decision, waiting_minor
from tests.notifications.bounce_samples import LOST, PASSES, SAYS_NOTHING, bounce
from tests.notifications.smtp_servers import Letterbox, aiosmtpd_server

PATH = "/v1/subjects/alex/consent-requests"


@pytest.fixture
def command(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The house, which the command opens beside us."""
    settings = home.house.settings
    monkeypatch.setenv("AGEGATE_DATA", str(settings.data))
    monkeypatch.setenv("AGEGATE_DATABASE_URL", settings.database)
    monkeypatch.setenv("AGEGATE_ISSUER", settings.public_issuer)
    return home


def piped(content: bytes, *words: str) -> Result:
    """`agegate mail bounce`, with a mail on its standard input."""
    return CliRunner().invoke(app, ("mail", "bounce", *words), input=content)


def told_directly(home: Home, name: str) -> bool:
    """The same without the command, where only the name matters: whether anything ended."""
    take, now = home.house.take_bounce, home.clock()
    letter = take.named([name])
    return letter is not None and home.house.store.write_now(lambda tx: take.failed(tx, letter, now))


def state(home: Home, request: str) -> str:
    """The request as its service sees it."""
    return str(home.call("GET", f"{PATH}/{request}", key=home.keys["game"]).json()["state"])


def events(home: Home) -> list[str]:
    """What `game` was told."""
    return [event["type"] for event in home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]]


def name_of_mail(home: Home, number: int = -1) -> str:
    """Under which name a mail in the outbox travelled."""
    return str(home.mails()[number]["Message-ID"])[1:].partition(".")[0]


def asked(home: Home) -> tuple[str, str]:
    """A question that was mailed: its request, and the name of the mail."""
    waiting_minor(home)
    request = ask_guardian(home)
    return request, name_of_mail(home)


@pytest.mark.parametrize("shape", [*LOST, *PASSES, *SAYS_NOTHING])
def test_of_all_bounces_only_a_loss_for_good_ends_the_question(sqlite_home: Home, shape: str) -> None:
    request, name = asked(sqlite_home)
    read = read_bounce(bounce(shape, name))
    ended = isinstance(read, Bounce) and any(told_directly(sqlite_home, each) for each in read.names)
    assert (ended, state(sqlite_home, request)) == ((True, "undeliverable") if shape in LOST else (False, "pending"))


def test_the_command_ends_the_question_and_the_service_is_told_once(command: Home) -> None:
    request, name = asked(command)
    codes = [piped(bounce("postfix", name)).exit_code for _ in range(2)]
    assert (codes, state(command, request), events(command)) == ([0, 0], "undeliverable", ["consent.undeliverable"])


def test_nothing_of_the_childs_is_deleted_and_another_guardian_may_be_named(home: Home) -> None:
    _, name = asked(home)
    assert told_directly(home, name)
    reply = home.call("POST", PATH, {"guardian_email": "second@example.org"}, key=home.keys["game"])
    assert (decision(home, "alex"), reply.status_code) == ("consent_required", 202)


def test_a_bounce_after_the_answer_changes_nothing(home: Home) -> None:
    request, name = asked(home)
    answer(home, "grant")
    assert (told_directly(home, name), state(home, request), events(home)) == (False, "granted", ["consent.granted"])


def test_a_receipt_that_comes_back_leaves_the_consent(home: Home) -> None:
    request = consented_minor(home)
    name = name_of_mail(home)
    assert home.house.letter_names.read(name) is not None
    assert (told_directly(home, name), state(home, request)) == (False, "granted")


@pytest.mark.parametrize("made_up", ["one character", "another letter", "another key", "the row alone", "another row"])
def test_a_stranger_who_makes_up_a_name_ends_nothing(home: Home, made_up: str) -> None:
    request, name = asked(home)
    names = {
        "one character": name[:-1] + ("a" if name[-1] != "a" else "b"),
        "another letter": "r" + name[1:],
        "another key": LetterNames(b"k" * 32).name(LetterKind.QUESTION, request),
        "the row alone": "q" + request + "a" * 20,
        "another row": "q" + request[::-1] + name[27:],
    }
    assert (told_directly(home, names[made_up]), state(home, request)) == (False, "pending")


def test_a_bounce_that_names_two_questions_ends_neither(home: Home) -> None:
    _, name = asked(home)
    waiting_minor(home, "blake")
    other = home.house.letter_names.name(LetterKind.QUESTION, ask_guardian(home, "blake", "b@example.org"))
    assert home.house.take_bounce.named([name, other]) is None


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"", 65, "no header"),
        (b"not a mail", 65, "no header"),
        (bounce("vacation"), 0, "no failure"),
        (bounce("postfix-delayed"), 0, "may pass"),
        (bounce("ses"), 0, "which mail"),
        (bounce("postfix"), 0, "no mail of ours"),
    ],
)
def test_the_command_speaks_the_mail_servers_codes_and_repeats_no_address(
    command: Home, content: bytes, code: int, word: str
) -> None:
    came = piped(content)
    assert (came.exit_code, word in came.stderr, came.stdout, "@" in came.stderr) == (code, True, "", False), command


@pytest.mark.parametrize(
    ("setting", "value"),
    [("AGEGATE_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none"), ("AGEGATE_ENVIRONMENT", "production")],
)
def test_what_cannot_be_taken_now_stays_with_the_mail_server(
    command: Home, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    _, name = asked(command)
    monkeypatch.setenv(setting, value)
    assert piped(bounce("postfix", name)).exit_code == 75


@dataclass
class AcceptsFirst(Letterbox):
    """Takes every mail, and keeps the return path for the bounce that it will write."""

    return_paths: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.return_paths.append(str(envelope.mail_from))
        return await super().handle_DATA(server, session, envelope)


def test_a_real_server_accepts_and_its_bounce_comes_back_by_the_return_path(command: Home) -> None:
    waiting_minor(command)
    request = command.call("POST", PATH, {"guardian_email": GUARDIAN}, key=command.keys["game"]).json()["id"]
    box = AcceptsFirst()

    async def scene() -> None:
        async with aiosmtpd_server(box) as port:
            house, url = command.house, f"smtp://127.0.0.1:{port}?tls=none"
            transport = open_transport(url, house.settings.mail_from, "bounces@mail.example")
            await worker(replace(house, transport=transport)).until_idle()

    asyncio.run(scene())
    sent = message_from_bytes(box.contents[0], policy=default)
    assert (box.return_paths[0].startswith("bounces+q"), state(command, request)) == (True, "pending")
    back = bounce("ses", to="postmaster@mail.example")  # a relay that gave the mail another Message-ID
    assert str(sent["Message-ID"]).encode() not in back
    assert piped(back, "--recipient", box.return_paths[0]).exit_code == 0
    assert (state(command, request), events(command)) == ("undeliverable", ["consent.undeliverable"])


def test_the_settings_name_the_address_for_bounces(tmp_path: Path) -> None:
    opened = open_home(tmp_path, mail_url="smtp://mx.example", bounce_address="bounces@mail.example")
    assert getattr(opened.house.transport, "bounces", None) == "bounces@mail.example"
    opened.house.close()


def test_an_address_for_bounces_without_room_for_names_ends_the_start() -> None:
    with pytest.raises(CannotStart, match="AGEGATE_BOUNCE_ADDRESS"):
        load_settings(bounce_address="a-box-with-a-long-name@mail.example")
