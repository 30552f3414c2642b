"""Mails in a folder go with the subject they are about; the last one stays for the three days of the last letter."""

from pathlib import Path

from tests.houses import Home
from tests.journeys.people import GUARDIAN, ask_guardian, consented_minor, waiting_minor, withdraw


def subjects(home: Home) -> list[str]:
    """What lies in the folder."""
    return [str(mail["Subject"]) for mail in home.mails()]


def deleted(home: Home) -> None:
    """A minor whose guardian consented, then had everything deleted."""
    consented_minor(home)
    withdraw(home, "delete_now")
    home.work()


def test_a_purge_takes_the_mails_to_the_guardian_from_the_folder(home: Home) -> None:
    deleted(home)
    assert subjects(home) == ["The data for game was deleted"]


def test_the_last_one_goes_after_three_days(home: Home) -> None:
    deleted(home)
    home.clock.move(days=3, minutes=1)
    home.work()
    assert subjects(home) == []


def test_the_mails_about_others_stay(home: Home) -> None:
    waiting_minor(home, "other")
    ask_guardian(home, "other", "other@example.org")
    deleted(home)
    assert "other@example.org" in {str(mail["To"]) for mail in home.mails()}


def test_what_was_being_written_meanwhile_goes_at_the_second_look(home: Home) -> None:
    consented_minor(home)
    folder = home.house.settings.data / "outbox"
    late = {path: path.read_bytes() for path in folder.iterdir()}
    withdraw(home, "delete_now")
    home.work()
    for path, content in late.items():
        path.write_bytes(content)
        path.with_name(f".{path.stem}.1-1").write_bytes(content)
    home.clock.move(minutes=11)
    home.work()
    assert [path for path in folder.iterdir() if told(path)] == [mail_of(home)]


def told(path: Path) -> bool:
    """Whether a file names the guardian."""
    return GUARDIAN.encode() in path.read_bytes()


def mail_of(home: Home) -> Path:
    """The only mail there is."""
    (found,) = (home.house.settings.data / "outbox").glob("*.eml")
    return found


def test_no_folder_at_all_is_no_fault(home: Home) -> None:
    waiting_minor(home)
    path = "/v1/subjects/alex/consent-requests"
    home.call("POST", path, {"guardian_email": GUARDIAN}, key=home.keys["game"])
    home.call("DELETE", "/v1/subjects/alex", key=home.keys["game"])
    home.work()
    assert subjects(home) == []
