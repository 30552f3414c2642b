"""What was acknowledged survives the loss of the process, again and again, without a human."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.crash.processes import CONTROLLER, Client, ServerProcess

KILLS = 4
CLIENTS = 3
SEED = 20261122


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path)
    (tmp_path / "controller.toml").write_text(CONTROLLER)
    process.command(
        "service", "add", "chat", "--profile", "deepseek", "--controller", str(tmp_path / "controller.toml")
    )
    yield process
    if process.process is not None and process.process.poll() is None:
        process.stop()


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(server: ServerProcess) -> None:
    key = server.command("key", "add", "chat", "--scope", "signup", "--scope", "consent")
    chance = random.Random(SEED)  # noqa: S311 - when to kill, replayable
    acknowledged: dict[str, str] = {}
    for _ in range(KILLS):
        server.start()
        clients = [Client(server.base, key, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(chance.uniform(0.2, 0.8))
        server.kill()
        for client in clients:
            client.stopped.set()
            client.join(timeout=10)
            acknowledged |= client.acknowledged
    assert acknowledged, "no call got through, so nothing was tested"
    server.start()
    with httpx.Client(base_url=server.base, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as http:
        states = {
            subject: http.get(f"/v1/subjects/{subject}/consent-requests/{request}").json().get("state")
            for subject, request in acknowledged.items()
        }
    assert {subject for subject, state in states.items() if state != "pending"} == set()
    assert mailed_in_time(server, len(acknowledged))


def mailed_in_time(server: ServerProcess, wanted: int) -> bool:
    """Whether every question that is pending was mailed within ten seconds, once per Message-ID."""
    outbox, database = server.folder / "data" / "outbox", server.folder / "data" / "agegate.sqlite3"
    for _ in range(100):
        with closing(sqlite3.connect(database)) as connection:
            (pending,) = connection.execute("SELECT count(*) FROM consent_requests").fetchone()
            (waiting,) = connection.execute("SELECT count(*) FROM agenda WHERE kind = 'request.mail'").fetchone()
        if waiting == 0:
            return len(list(outbox.glob("*.eml"))) == int(pending) >= wanted
        time.sleep(0.1)
    return False


def test_a_database_killed_in_the_middle_is_whole(server: ServerProcess) -> None:
    server.start()
    server.kill()
    server.start()
    server.stop()
    with closing(sqlite3.connect(server.folder / "data" / "agegate.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
