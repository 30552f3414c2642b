"""The servers that a benchmark compares: started, found ready, measured in processor time, stopped."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 400


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Running:
    """One server process; entered, it answers."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    port: int
    key: str
    has_tokens: bool = True
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def processor_seconds(self) -> float:
        """User and system time so far, its children's too."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(processor_seconds(pid) for pid in (self.process.pid, *map(int, children)))

    def resident_megabytes(self) -> float:
        """Resident memory now."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def __enter__(self) -> Self:
        """Starts the process and waits until it answers anything at all."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.arguments],
            env=os.environ | self.environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(PATIENCE):
            assert self.process.poll() is None, f"{self.name} ended at once"
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1)
            except urllib.error.HTTPError:
                return self
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError(f"{self.name} does not answer")

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the process."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)


def peer(name: str, module: str, database: str, *, tokens: bool = True) -> Running:
    """One of the peers under bench/peers."""
    port = free_port()
    address = database.replace("postgresql://", "postgresql+psycopg://")
    environment = {"BENCH_DATABASE": address, "BENCH_KEY": "bench"}
    return Running(name, [module, str(port)], environment, port, "bench", has_tokens=tokens)


def ours(database: str, folder: Path, *, worker: bool = True, workers: int = 1, webhook: str | None = None) -> Running:
    """Agegate itself, with one service and a key, as the README sets it up."""
    folder.mkdir(parents=True)
    port = free_port()
    environment = {
        "AGEGATE_DATA": str(folder),
        "AGEGATE_DATABASE_URL": database,
        "AGEGATE_ISSUER": f"http://127.0.0.1:{port}",
        "AGEGATE_ALLOW_LOOPBACK": "1",
    }

    def command(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "agegate", *arguments],
            env=os.environ | environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    hook = ["--webhook", webhook] if webhook else []
    command("service", "add", "bench", "--profile", "deepseek", *hook)
    key = command("key", "add", "bench", "--scope", "signup", "--scope", "token", "--scope", "purge")
    serve = ["agegate", "serve", "--port", str(port), "--workers", str(workers)]
    return Running("ours", [*serve, *([] if worker else ["--no-worker"])], environment, port, key)


def signed_up(server: Running, subject: str, born: str) -> None:
    """Signs one subject up."""
    _ask(server, "PUT", f"/v1/subjects/{subject}", {"date_of_birth": born, "country": "US"})


def purged(server: Running, subject: str) -> None:
    """Orders the purge of one subject."""
    _ask(server, "DELETE", f"/v1/subjects/{subject}", None)


def _ask(server: Running, method: str, path: str, body: dict[str, str] | None) -> None:
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    sent = json.dumps(body).encode() if body is not None else None
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", sent, headers, method=method)
    urllib.request.urlopen(asked, timeout=10).close()
