"""A worker that is frozen past its lease and wakes again: another did its work, and it records nothing late."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from sqlalchemy import text

from tests.houses import Home
from tests.journeys.people import answer, ask_guardian, waiting_minor

LEASE_SECONDS = 3.0
PATIENCE_SECONDS = 40


def begin(home: Home) -> "subprocess.Popen[bytes]":
    """A real worker with a short lease."""
    settings = home.house.settings
    given = {"AGEGATE_DATA": str(settings.data), "AGEGATE_DATABASE_URL": settings.database}
    given |= {"AGEGATE_LEASE_SECONDS": str(LEASE_SECONDS), "AGEGATE_ALLOW_LOOPBACK": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "agegate", "worker"], env=os.environ | given, stderr=subprocess.DEVNULL
    )


def agenda(home: Home) -> list[tuple[int, object]]:
    """Attempts and lease of each event that is due."""
    with home.house.store.engine.connect() as connection:
        asked = "SELECT attempts, leased_until FROM agenda WHERE kind = 'event.deliver'"
        return [(int(row[0]), row[1]) for row in connection.execute(text(asked))]


def one_event(home: Home) -> None:
    """One event that is due by the real clock, and nothing else."""
    waiting_minor(home)
    ask_guardian(home)
    answer(home, "decline")
    with home.house.store.engine.begin() as connection:
        kept = connection.execute(text("SELECT id FROM agenda WHERE kind = 'event.deliver' LIMIT 1")).scalar_one()
        connection.execute(text("DELETE FROM agenda WHERE id <> :kept"), {"kept": kept})
        connection.execute(text("UPDATE agenda SET due_at = now()"))


def accepted(listener: socket.socket) -> socket.socket:
    """The next delivery; its request is read, and nothing answered yet."""
    listener.settimeout(PATIENCE_SECONDS)
    taken, _ = listener.accept()
    taken.settimeout(PATIENCE_SECONDS)
    assert taken.recv(65536).startswith(b"POST")
    return taken


def reply(taken: socket.socket, status: str) -> None:
    taken.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    taken.close()


def ended(home: Home) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if not agenda(home):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("frozen_hears", ["503 Service Unavailable", "200 OK"])
def test_a_worker_that_slept_through_its_lease_records_nothing(postgres_home: Home, frozen_hears: str) -> None:
    home = postgres_home
    with socket.create_server(("127.0.0.1", 0)) as listener:
        home.webhook("game", f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
        one_event(home)
        frozen = begin(home)
        other = None
        try:
            first = accepted(listener)
            frozen.send_signal(signal.SIGSTOP)
            other = begin(home)
            second = accepted(listener)  # after the lease, and not before: nobody else could have it
            assert [attempts for attempts, _ in agenda(home)] == [2]
            reply(first, frozen_hears)
            held = agenda(home)
            frozen.send_signal(signal.SIGCONT)
            time.sleep(1.5)  # the late worker has its answer, and tries to record it
            assert agenda(home) == held  # neither finished nor postponed by who lost the lease
            reply(second, "200 OK")
            assert ended(home)
        finally:
            for each in filter(None, (frozen, other)):
                each.kill()
                each.wait()
