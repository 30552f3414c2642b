"""What becomes of existing accounts when a file is applied, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import SQLModel

from agegate.flows.begin_sweep import PIPE, OtherUnfinished
from agegate.rules.consent import SubjectState
from agegate.rules.purge import PurgeReason
from agegate.store.audit_log import ENTRIES
from agegate.store.subjects import find_subject
from agegate.store.sweeps import swept_of
from agegate.sweeping.apply_file import ApplyFile
from agegate.sweeping.file_pass import SweepStopped
from tests.houses import Home
from tests.journeys.people import ADULT, SIXTEEN, TWELVE, sign_up
from tests.sweeping.files import FULL, made_up, write_csv
from tests.sweeping.swept import Stop, Swept, small_batches

AUDIENCE = "https://chat.example"


def row(subject: str, born: str, guardian: str = "", created: str = "", claim: str = ",", email: str = "") -> str:
    return f"{subject},{born},US,,{email},{guardian},,{created},{claim}"


def swept(home: Home, folder: Path, *rows: str) -> ApplyFile:
    return Swept(home, write_csv(folder / "accounts.csv", rows, FULL)).run()


def state(home: Home, subject: str) -> str | None:
    held = home.house.store.read_now(lambda tx: find_subject(tx, "game", subject))
    return None if held is None else held.state


def token(home: Home, subject: str) -> int:
    return home.call(
        "POST", "/v1/tokens", {"subject": subject, "audience": AUDIENCE}, key=home.keys["game"]
    ).status_code


def test_an_adult_is_enrolled_and_gets_tokens(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("ann", ADULT))
    assert token(home, "ann") == 201


def test_a_minor_waits_and_its_guardian_is_asked(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("ben", SIXTEEN, "guardian@example.org"))
    assert (state(home, "ben"), token(home, "ben")) == (SubjectState.CONSENT_REQUIRED, 403)
    home.clock.move(minutes=1)
    home.work()
    assert [mail["To"] for mail in home.mails()] == ["guardian@example.org"]


def test_the_guardians_address_is_forgotten_once_the_question_holds_it(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("ben", SIXTEEN, "guardian@example.org"))
    home.clock.move(minutes=1)
    home.work()
    held = home.house.store.read_now(lambda tx: find_subject(tx, "game", "ben"))
    assert held is not None
    kept = home.house.store.read_now(lambda tx: swept_of(tx, held.id))
    assert kept is not None
    assert kept.sealed_guardian is None


def test_who_is_under_age_is_restricted_and_the_service_is_told(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("kid", TWELVE))
    assert (state(home, "kid"), token(home, "kid")) == (SubjectState.RESTRICTED, 403)
    assert (home.rows()["events"], home.rows()["purges"]) == (1, 0)


def test_a_claimed_consent_is_noted_and_admits_nobody(home: Home, tmp_path: Path) -> None:
    done = swept(home, tmp_path, row("cleo", SIXTEEN, claim="2024-05-01,case-7"))
    assert (state(home, "cleo"), home.rows()["evidence"]) == (SubjectState.CONSENT_REQUIRED, 0)
    held = home.house.store.read_now(lambda tx: find_subject(tx, "game", "cleo"))
    assert held is not None
    kept = home.house.store.read_now(lambda tx: swept_of(tx, held.id))
    assert kept is not None
    assert (str(kept.claimed_at)[:10], len(kept.claim_reference_digest or ""), done.counts["waiting"]) == (
        "2024-05-01",
        22,
        1,
    )


def test_silence_restricts_a_swept_minor_and_purges_nothing(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("ben", SIXTEEN, "guardian@example.org"))
    for _ in range(4):
        home.clock.move(days=10)
        home.work()
    assert (state(home, "ben"), home.rows()["purges"]) == (SubjectState.RESTRICTED, 0)


def test_whom_we_hold_stays_and_an_older_date_changes_nothing(home: Home, tmp_path: Path) -> None:
    sign_up(home, "ben", SIXTEEN)
    done = swept(home, tmp_path, row("ben", ADULT))
    assert (state(home, "ben"), done.counts["known"]) == (SubjectState.CONSENT_REQUIRED, 1)


def test_a_younger_date_of_somebody_we_hold_restricts(home: Home, tmp_path: Path) -> None:
    sign_up(home, "ann", ADULT)
    done = swept(home, tmp_path, row("ann", TWELVE))
    assert (state(home, "ann"), done.counts["known_younger"]) == (SubjectState.RESTRICTED, 1)


def test_an_account_that_was_purged_does_not_come_back_by_an_old_file(home: Home, tmp_path: Path) -> None:
    sign_up(home, "ann", ADULT)
    home.house.store.write_now(
        lambda tx: home.house.purge(tx, "game", "ann", PurgeReason.SUBJECT_REQUEST, home.clock())
    )
    done = swept(home, tmp_path, row("ann", ADULT, created="2024-01-01"))
    assert (state(home, "ann"), done.counts["purged_before"]) == (None, 1)


def test_a_blocked_answer_of_an_hour_ago_holds_against_the_file(home: Home, tmp_path: Path) -> None:
    sign_up(home, "kid", TWELVE)
    swept(home, tmp_path, row("kid", ADULT))
    assert state(home, "kid") == SubjectState.RESTRICTED


def test_a_childs_address_does_not_shut_the_adult_who_shares_it(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("kid", TWELVE, email="family@example.com"), row("mum", ADULT, email="family@example.com"))
    assert (state(home, "kid"), state(home, "mum")) == (SubjectState.RESTRICTED, SubjectState.ALLOWED)


def test_questions_are_spread_over_time(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, *(row(f"m{n}", SIXTEEN, f"g{n}@example.org") for n in range(6)))
    home.clock.move(seconds=30)
    home.work()
    early = len(home.mails())
    home.clock.move(seconds=30)
    home.work()
    assert (early, len(home.mails())) == (3, 6)


def test_a_guardian_of_several_is_not_written_to_beyond_the_limits(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, *(row(f"m{n}", SIXTEEN, "one@example.org") for n in range(3)))
    home.clock.move(minutes=5)
    home.work()
    early = len(home.mails())
    for _ in range(3):
        home.clock.move(minutes=61)
        home.work()
    assert (early, len(home.mails()), home.rows()["consent_requests"]) == (1, 3, 3)


def test_a_purge_takes_what_the_file_said_with_it(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("ben", SIXTEEN, "guardian@example.org", claim="2024-05-01,case-7"))
    assert home.call("DELETE", "/v1/subjects/ben", key=home.keys["game"]).status_code == 202
    assert (home.rows()["subjects"], home.rows()["swept_subjects"]) == (0, 0)


def test_the_audit_log_keeps_every_account_and_the_sweep_itself(home: Home, tmp_path: Path) -> None:
    swept(home, tmp_path, row("ann", ADULT), row("kid", TWELVE))
    with home.house.store.engine.connect() as connection:
        acts = [str(entry.action) for entry in connection.execute(ENTRIES.select().order_by(ENTRIES.c.id))]
    assert {act: acts.count(act) for act in acts if act.startswith(("sweep", "account"))} == {
        "sweep.begun": 1,
        "account.swept": 2,
        "sweep.finished": 1,
    }


@pytest.mark.parametrize("stop_at", [1, 20, 41, 60])
def test_a_run_that_stopped_goes_on_to_the_same_end(home: Home, tmp_path: Path, stop_at: int) -> None:
    file = write_csv(tmp_path / "accounts.csv", made_up(60), FULL)
    with small_batches(7):
        whole = Swept(home, file, "game")
        whole.run()
        expected = whole.state()
        wipe(home)
        stopped = Swept(home, file, "game")

        def stop(line: int) -> None:
            if line > stop_at:
                raise Stop

        with pytest.raises(Stop):
            stopped.run(before=stop)
        stopped.run()
        assert stopped.state() == expected


def wipe(home: Home) -> None:
    """A house as before the sweep."""
    with home.house.store.engine.begin() as connection:
        for table in ("agenda", "reports", "events", "swept_subjects", "subjects", "sticky_answers", "sweeps"):
            connection.execute(delete(SQLModel.metadata.tables[table]))


def test_a_file_that_was_applied_writes_nothing_again(home: Home, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "accounts.csv", made_up(30), FULL)
    Swept(home, file).run()
    before = home.rows()
    Swept(home, file).run()
    assert home.rows() == before


def test_a_changed_file_is_noticed_before_anything_is_written(home: Home, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "accounts.csv", made_up(30), FULL)
    Swept(home, file).begin()
    file.write_text(file.read_text().replace("account-00000003", "account-3"))
    assert isinstance(Swept(home, file).begin(), OtherUnfinished)
    assert isinstance(Swept(home, file).begin(anew=True), ApplyFile)


def test_a_file_that_changes_under_way_stops_the_sweep(home: Home, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "accounts.csv", made_up(30), FULL)
    begun = Swept(home, file).begin()
    assert isinstance(begun, ApplyFile)
    begun.unchanged = lambda: False
    with pytest.raises(SweepStopped):
        Swept(home, file).run(begun)
    assert home.rows()["subjects"] == 0


def test_two_that_apply_one_file_do_not_write_it_twice(home: Home, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "accounts.csv", made_up(30), FULL)
    late = Swept(home, file).begin()
    assert isinstance(late, ApplyFile)
    Swept(home, file).run()
    with pytest.raises(SweepStopped):
        Swept(home, file).run(late)
    assert home.rows()["subjects"] == 30


def test_what_comes_through_a_pipe_may_be_sent_again(home: Home, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "accounts.csv", made_up(20), FULL)
    for _ in range(2):
        begun = Swept(home, file).begin(content=PIPE)
        assert isinstance(begun, ApplyFile)
        Swept(home, file).run(begun)
    assert home.rows()["subjects"] == 20


def test_a_pause_is_not_caught_up_by_a_burst_of_questions(home: Home, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "accounts.csv", [row(f"m{n}", SIXTEEN, f"g{n}@example.org") for n in range(20)], FULL)

    def stop(line: int) -> None:
        if line > 10:
            raise Stop

    with small_batches(5):
        with pytest.raises(Stop):
            Swept(home, file).run(before=stop)
        home.clock.move(days=1)
        resumed = Swept(home, file).run()
    assert resumed.pace.until >= home.clock() + timedelta(seconds=10 * 8)
