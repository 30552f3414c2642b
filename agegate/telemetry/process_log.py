"""The log of this process: every logger's lines, those of structlog and of crashes included, through the one door.

Owns the wiring into the standard library, once per process. What may be said is `events.py`, its looks are
`rendering.py`'s.
"""

import atexit
import logging
import os
import sys
import threading
from collections.abc import Iterable
from types import TracebackType

from agegate.telemetry.lines import Door, Lines
from agegate.telemetry.rendering import Listed, as_json, as_text
from agegate.telemetry.requests import Line

LOG = logging.getLogger("agegate.process")
INFO = "info"


class ProcessLog:
    """Begun at most once; until then nothing is written."""

    def __init__(self) -> None:
        self._listed = Listed()
        self._lines: Lines | None = None
        self._requests = False

    def begin(self, form: str, level: str) -> None:
        """Opens the door: `form` is json or text, `level` info or warning. Libraries speak from warning on."""
        self._requests = level == INFO
        if self._lines is not None:
            return
        render = as_json() if form == "json" else as_text()
        self._lines = Lines(self._listed, render, _to_stderr)
        atexit.register(self._lines.close)
        os.register_at_fork(after_in_child=self._lines.begin)
        root = logging.getLogger()
        root.addHandler(Door(self._lines))
        logging.getLogger("agegate").setLevel(level.upper())
        logging.captureWarnings(capture=True)
        logging.raiseExceptions = False  # its report of a broken call prints the call's arguments

    def know(self, routes: Iterable[str] = (), kinds: Iterable[str] = ()) -> None:
        """The route templates and kinds of work that lines may name."""
        self._listed.know(routes, kinds)

    def request(self, line: Line) -> None:
        """One request is over."""
        if self._requests and self._lines is not None:
            self._lines.put(line)

    def dropped(self) -> int:
        """How many lines were lost."""
        return self._lines.dropped if self._lines else 0

    def catch_crashes(self) -> None:
        """What nobody caught is told by its class and place, not with its text."""
        sys.excepthook = _crashed
        threading.excepthook = lambda told: _crashed(told.exc_type, told.exc_value, told.exc_traceback)


PROCESS_LOG = ProcessLog()


def _crashed(kind: type[BaseException], fault: BaseException | None, place: TracebackType | None) -> None:
    del fault
    LOG.critical("crashed", extra={"fault": kind, "place": place})


def _to_stderr(text: str) -> None:
    # Looked up each time: whoever runs a command inside another program may have put something in its place.
    sys.stderr.write(text)
    sys.stderr.flush()
