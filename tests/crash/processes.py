"""A server process to kill and start again on the same data, and a client that notes what was acknowledged."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

CONTROLLER = 'name = "Example Chat Ltd"\npostal_address = "1 Example Street, Dublin"\ncontact = "privacy@example.com"\n'
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class ServerProcess:
    """`agegate serve` on a folder, with the worker inside unless its words say otherwise."""

    folder: Path
    port: int = field(default_factory=free_port)
    words: tuple[str, ...] = ()
    database: str | None = None
    more: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Its settings."""
        given = {} if self.database is None else {"AGEGATE_DATABASE_URL": self.database}
        return os.environ | {"AGEGATE_DATA": str(self.folder / "data"), "AGEGATE_ISSUER": self.base} | given | self.more

    def command(self, *arguments: str) -> str:
        """Runs a command of the product on the same data."""
        ran = subprocess.run(
            [sys.executable, "-m", "agegate", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agegate", "serve", "--port", str(self.port), *self.words],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            try:
                httpx.get(f"{self.base}/livez", timeout=1, trust_env=False)
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the server does not answer")

    def start_worker(self) -> None:
        """Starts a worker without a server."""
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agegate", "worker"], env=self.environment, stdout=log, stderr=log
            )

    def children(self) -> set[int]:
        """The serving processes under the one that was started."""
        assert self.process is not None
        mine = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in mine.read_text("ascii").split()}

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is closed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and the end of it."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(timeout=20) in {0, -signal.SIGTERM}


@dataclass(slots=True)
class Client(threading.Thread):
    """Signs minors up and asks their guardians until it is told to stop; notes only what was acknowledged."""

    base: str
    key: str
    number: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    def __hash__(self) -> int:
        return self.number

    def run(self) -> None:
        """One subject after the other; a failed call is simply forgotten."""
        count = 0
        with httpx.Client(base_url=self.base, headers={"Authorization": f"Bearer {self.key}"}, trust_env=False) as http:
            while not self.stopped.is_set():
                count += 1
                subject = f"minor-{self.number}-{time.monotonic_ns()}-{count}"
                try:
                    http.put(
                        f"/v1/subjects/{subject}", json={"date_of_birth": "2010-05-04", "country": "US"}
                    ).raise_for_status()
                    # A guardian of its own for each: nobody is written to often enough to meet a limit.
                    guardian = {"guardian_email": f"guardian-of-{subject}@example.org"}
                    asked = http.post(f"/v1/subjects/{subject}/consent-requests", json=guardian)
                    asked.raise_for_status()
                except httpx.HTTPError:
                    time.sleep(0.02)
                    continue
                self.acknowledged[subject] = asked.json()["id"]
