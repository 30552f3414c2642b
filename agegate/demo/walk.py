"""Walks the whole road once and says at every step what happened. Exit code 0 when all was as it should be."""

import signal
import sys
import time

from agegate.demo.parts import Parts
from agegate.demo.report import Differs, Report
from agegate.demo.story import Story

ENDED = 143
"""The exit code of a process that SIGTERM ended."""


def walk(*, keep: bool) -> int:
    """Runs the demo; with `keep`, leaves everything up until Ctrl-C."""
    report, began = Report(), time.monotonic()
    # A demo that is told to end takes its processes and its folder with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))
    with Parts() as parts:
        story = Story(parts, report)
        try:
            for scene in story.scenes():
                scene()
        except Differs as difference:
            report.console.print(f"\n[bold red]✗ The demo stopped: {difference}[/bold red]", markup=True)
            report.console.print(f"  Logs of the processes: {parts.folder} (removed now).")
            _show_logs(parts, report)
            return 1
        report.summary(time.monotonic() - began)
        if keep:
            _keep(parts, story, report)
    return 0


def _show_logs(parts: Parts, report: Report) -> None:
    for log in sorted(parts.folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-12:]
        if lines:
            report.console.print(f"  {log.name}:")
            for line in lines:
                report.console.print(f"    {line}", markup=False)


def _keep(parts: Parts, story: Story, report: Report) -> None:
    report.console.print("\nOne more minor signs up, so that there is a question to answer by hand:")
    question = story.open_question()
    report.console.print("\nEverything stays up. To try by hand:")
    for words, address in (
        ("a guardian's question, open in a browser", question),
        ("the API and the guardian's pages", parts.issuer),
        ("its contract", f"{parts.issuer}/openapi.yaml"),
        ("the downstream service", parts.downstream),
        ("the data holder", f"{parts.holder}/records"),
    ):
        report.console.print(f"  {words}: {address}")
    report.console.print(f"  data and logs: {parts.folder}")
    report.console.print(f"  a key of the service `deepseek`: export KEY={story.key}")
    report.console.print("Stop with Ctrl-C; then everything of the demo is removed.")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        report.console.print("\nStopped.")
