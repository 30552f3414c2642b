"""Several serving processes on one port: one that is lost is replaced, all notice what changed, all end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from agegate.clock import utc_now
from agegate.entropy import new_id, system_entropy
from tests import postgres
from tests.crash.processes import CONTROLLER, ServerProcess

PATIENCE_SECONDS = 15


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[ServerProcess]:
    """Two processes on PostgreSQL, with the service `chat`."""
    folder = tmp_path_factory.mktemp("together")
    name = "agegate_together"
    postgres.execute(f"{postgres_server}/postgres", f"CREATE DATABASE {name} TEMPLATE agegate_template")
    process = ServerProcess(folder, words=("--workers", "2"), database=f"{postgres_server}/{name}")
    (folder / "controller.toml").write_text(CONTROLLER)
    add(process, "chat")
    yield process
    if process.process is not None and process.process.poll() is None:
        process.stop()
    postgres.execute(f"{postgres_server}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server(chat: ServerProcess) -> ServerProcess:
    """The same, begun again where a test ended it."""
    if chat.process is None or chat.process.poll() is not None:
        chat.start()
    assert until(lambda: len(chat.children()) == 2)
    return chat


def add(process: ServerProcess, service: str) -> None:
    words = ("service", "add", service, "--profile", "deepseek")
    process.command(*words, "--controller", str(process.folder / "controller.toml"))


def until(fact: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fact():
            return True
        time.sleep(0.05)
    return False


def status(process: ServerProcess, key: str) -> int:
    """What a call on a connection of its own is answered."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.get(f"{process.base}/v1/events", headers=headers, timeout=5, trust_env=False).status_code


@contextmanager
def only(process: ServerProcess, chosen: int) -> Iterator[None]:
    """Lets just one of the serving processes run."""
    others = process.children() - {chosen}
    for other in others:
        os.kill(other, signal.SIGSTOP)
    yield
    for other in others:
        os.kill(other, signal.SIGCONT)


def test_a_killed_process_is_replaced_and_callers_hardly_notice(server: ServerProcess) -> None:
    before = server.children()
    lost = min(before)
    os.kill(lost, signal.SIGKILL)
    answers = [httpx.get(f"{server.base}/readyz", timeout=5, trust_env=False).status_code for _ in range(20)]
    assert answers == [200] * 20
    assert until(lambda: len(server.children() - {lost}) == 2)


def test_every_process_notices_a_new_key_and_its_end_within_a_second(server: ServerProcess) -> None:
    key = server.command("key", "add", "chat", "--scope", "signup")
    time.sleep(1)
    for child in server.children():
        with only(server, child):
            assert status(server, key) == 200


def test_every_process_signs_with_the_key_that_follows_a_revoked_one(server: ServerProcess) -> None:
    def shown() -> list[str]:
        keys = httpx.get(f"{server.base}/.well-known/jwks.json", timeout=5, trust_env=False).json()["keys"]
        return [key["kid"] for key in keys]

    (old,) = shown()
    server.command("keys", "revoke", old, "--operator", "jo")
    time.sleep(1)
    found = []
    for child in server.children():
        with only(server, child):
            found.append(shown())
    assert found[0] == found[1]
    assert old not in found[0]


def test_the_end_lets_every_request_finish_and_leaves_nobody_behind(server: ServerProcess) -> None:
    key = server.command("key", "add", "chat", "--scope", "signup")
    seen: Counter[object] = Counter()
    over = threading.Event()
    children = server.children()

    def calls(number: int) -> None:
        headers, count = {"Authorization": f"Bearer {key}"}, 0
        while not over.is_set():
            count += 1
            try:
                body = {"date_of_birth": "1990-05-04", "country": "US"}
                path = f"{server.base}/v1/subjects/a-{number}-{count}"
                seen[httpx.put(path, json=body, headers=headers, timeout=5, trust_env=False).status_code] += 1
            except (httpx.ConnectError, httpx.ReadError):
                return  # nobody took the connection any more

    with ThreadPoolExecutor() as pool:
        for number in range(4):
            pool.submit(calls, number)
        time.sleep(1.5)
        assert server.process is not None
        server.process.terminate()
        code = server.process.wait(PATIENCE_SECONDS)
        over.set()
    assert (code, set(seen), [child for child in children if alive(child)]) == (0, {201}, [])


def refuses(server: ServerProcess) -> bool:
    """Whether nobody takes a connection."""
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_whoever_comes_after_the_end_was_asked_for_is_refused_and_not_left_waiting(server: ServerProcess) -> None:
    key = server.command("key", "add", "chat", "--scope", "signup")
    head = f"Host: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(f"PUT /v1/subjects/slow HTTP/1.1\r\n{head}Content-Length: 9\r\n\r\n{{".encode())
        time.sleep(0.3)
        assert server.process is not None
        server.process.terminate()
        assert until(lambda: refuses(server), 2)
        assert server.process.poll() is None  # it still waits for the one that it began
    server.process.wait(PATIENCE_SECONDS)


def alive(process: int) -> bool:
    """Whether it still runs (a zombie of somebody else's does not)."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text("ascii")
    except FileNotFoundError:
        return False


def test_processes_whose_supervisor_is_killed_end_by_themselves(server: ServerProcess) -> None:
    children = server.children()
    server.kill()
    assert until(lambda: not any(alive(child) for child in children))


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (("--workers", "2"), {}, "One process owns the SQLite file"),
        (("--workers", "2"), {"AGEGATE_DATABASE_URL": "postgresql://127.0.0.1:9/none"}, "does not answer"),
    ],
)
def test_processes_that_could_not_work_are_not_begun(
    tmp_path: Path, words: tuple[str, ...], given: dict[str, str], said: str
) -> None:
    settings = os.environ | {"AGEGATE_DATA": str(tmp_path)} | given
    command = [sys.executable, "-m", "agegate", "serve", "--port", "18463", *words]
    ran = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, said in ran.stderr) == (78, True), ran.stderr


def test_a_port_that_is_taken_is_named(server: ServerProcess) -> None:
    settings = server.environment
    command = [sys.executable, "-m", "agegate", "serve", "--port", str(server.port)]
    ran = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, f"Nothing can listen on 127.0.0.1:{server.port}" in ran.stderr) == (78, True), ran.stderr


def test_ids_made_in_forked_processes_never_meet() -> None:
    read, write = os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            now = utc_now()
            os.write(write, "".join(f"{new_id(system_entropy, now)}\n" for _ in range(500)).encode())
            os._exit(0)
        os.wait()
    os.close(write)
    with os.fdopen(read, encoding="ascii") as made:
        ids = made.read().split()
    assert (len(ids), len(set(ids))) == (2000, 2000)
