"""The demo's parts, all real and all on loopback: server, SMTP server, downstream service, data holder.

Owns their processes, ports and one folder of its own, and takes everything down again.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from aiosmtpd.controller import Controller

from agegate.demo.mailbox import Mailbox
from agegate.demo.report import Differs

PATIENCE_SECONDS = 20.0
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Returns once the address answers; raises Differs when the process ends or time runs out."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Differs(f"the process behind {url} should run and ended with exit code {process.returncode}.")
        try:
            httpx.get(url, timeout=1.0, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise Differs(f"{url} should answer within {PATIENCE_SECONDS:.0f} seconds and does not.")


@dataclass(slots=True)
class Parts:
    """Started on entering, stopped on leaving."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="agegate-demo-")))
    mailbox: Mailbox = field(default_factory=Mailbox)
    server_port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    downstream_port: int = field(default_factory=free_port)
    holder_port: int = field(default_factory=free_port)
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def issuer(self) -> str:
        """The server's base address."""
        return f"http://{LOOPBACK}:{self.server_port}"

    @property
    def downstream(self) -> str:
        """The downstream service's base address, which is also its audience."""
        return f"http://{LOOPBACK}:{self.downstream_port}"

    @property
    def holder(self) -> str:
        """The data holder's base address."""
        return f"http://{LOOPBACK}:{self.holder_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every agegate process of the demo gets; nothing of the caller's AGEGATE_ settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AGEGATE_")}
        return inherited | {
            "AGEGATE_DATA": str(self.folder / "data"),
            "AGEGATE_ISSUER": self.issuer,
            "AGEGATE_MAIL_URL": f"smtp://{LOOPBACK}:{self.mail_port}?tls=none",
            "AGEGATE_MAIL_FROM": "agegate@demo.example",
            "AGEGATE_ALLOW_LOOPBACK": "1",
        }

    def command(self, *arguments: str) -> str:
        """Runs an agegate command to its end and returns its stdout."""
        ran = subprocess.run(  # noqa: S603 - our own program with our own arguments
            [sys.executable, "-m", "agegate", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise Differs(f"agegate {arguments[0]} should succeed and said: {ran.stderr.strip()}")
        return ran.stdout.strip()

    def start_mail(self) -> None:
        """A real SMTP server that keeps what it receives."""
        controller = Controller(self.mailbox, hostname=LOOPBACK, port=self.mail_port)
        controller.start()
        self._open.callback(controller.stop)

    def start_server(self) -> None:
        """`agegate serve`, worker included."""
        self._start(["agegate", "serve", "--port", str(self.server_port)], f"{self.issuer}/readyz", {})

    def start_downstream(self) -> None:
        """A service that admits by token; it knows the issuer's address and nothing else."""
        known = {"DEMO_ISSUER": self.issuer, "DEMO_AUDIENCE": self.downstream}
        self._start(["agegate.demo.downstream", str(self.downstream_port)], self.downstream, known)

    def start_holder(self, api_key: str, webhook_secret: str) -> None:
        """A service that holds data and deletes on order."""
        known = {"DEMO_ISSUER": self.issuer, "DEMO_KEY": api_key, "DEMO_SECRET": webhook_secret}
        self._start(["agegate.demo.holder", str(self.holder_port)], f"{self.holder}/records", known)

    def _start(self, module: list[str], answers_at: str, known: dict[str, str]) -> None:
        log = self._open.enter_context((self.folder / f"{module[0]}.log").open("wb"))
        process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            [sys.executable, "-m", *module], env=self.environment | known, stdout=log, stderr=log
        )
        self._open.callback(_stop, process)
        wait_for(answers_at, process)

    def __enter__(self) -> Self:
        """Nothing runs yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops what runs and removes the folder."""
        self._open.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
