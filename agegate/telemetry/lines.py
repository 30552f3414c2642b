"""The one way out of the process for log lines: handed over in a moment, rendered and written by a thread of its own.

Owns that nobody waits for the log: what comes while 10,000 lines wait is dropped and counted. A line is written at
most a twentieth of a second late, and what waits is written before the process ends.
"""

import logging
from collections import deque
from collections.abc import Callable
from threading import Event, Thread
from time import sleep
from typing import Final

from agegate.clock import Clock, utc_now
from agegate.telemetry.events import Value
from agegate.telemetry.rendering import Listed, Render
from agegate.telemetry.requests import Line

MOST_WAITING: Final = 10_000
GATHER_SECONDS: Final = 0.05


class Lines:
    """Takes records and requests from any thread."""

    def __init__(self, listed: Listed, render: Render, write: Callable[[str], object], clock: Clock = utc_now) -> None:
        self._listed, self._render, self._write, self._clock = listed, render, write, clock
        self._waiting: deque[Line | logging.LogRecord] = deque()
        self._bell, self._rung, self._closed = Event(), False, False
        self.dropped = 0
        self.begin()

    def begin(self) -> None:
        """Starts the thread; again in a process that was forked, which has only the memory of it."""
        self._thread = Thread(target=self._write_often, name="agegate-log", daemon=True)
        self._thread.start()

    def put(self, line: Line | logging.LogRecord) -> None:
        """Hands a line over; nothing is formatted here."""
        if len(self._waiting) >= MOST_WAITING:
            self.dropped += 1
            return
        self._waiting.append(line)
        if not self._rung:
            self._rung = True
            self._bell.set()

    def close(self) -> None:
        """Writes what waits, and takes no more."""
        self._closed = True
        self._bell.set()
        self._thread.join()

    def _write_often(self) -> None:
        told_dropped = 0
        while True:
            self._bell.wait()
            if not self._closed:
                sleep(GATHER_SECONDS)
            self._bell.clear()
            self._rung = False
            at = self._clock().replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
            lines = [self._told(self._waiting.popleft(), at) for _ in range(len(self._waiting))]
            if self.dropped > told_dropped:
                lost = {"lines": self.dropped - told_dropped}
                lines.append(self._listed.of_event("lines-dropped", lost, "warning", at))
                told_dropped = self.dropped
            self._say(lines)
            if self._closed and not self._waiting:
                return

    def _say(self, lines: list[dict[str, Value]]) -> None:
        try:
            if lines:
                self._write("".join(f"{self._render(line)}\n" for line in lines))
        except (OSError, ValueError):
            self.dropped += len(lines)  # nobody reads any more; the service goes on

    def _told(self, line: Line | logging.LogRecord, at: str) -> dict[str, Value]:
        try:
            return self._listed_of(line, at)
        except Exception:  # noqa: BLE001 - one odd record must not end the log
            return self._listed.of_event("unlisted", {}, "error", at)

    def _listed_of(self, line: Line | logging.LogRecord, at: str) -> dict[str, Value]:
        if isinstance(line, logging.LogRecord):
            return self._listed.of_record(line, at)
        method, route, status, seconds, request_id = line
        ms = round(seconds * 1000, 1)
        fields = {"method": method, "route": route, "status": status, "ms": ms, "request": request_id}
        return self._listed.of_event("request", fields, "info", at)


class Door(logging.Handler):
    """Where every logger of the process ends: hands the record over as it is, formats nothing."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """One record."""
        self._lines.put(record)
