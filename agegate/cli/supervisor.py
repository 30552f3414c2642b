"""Several serving processes on one socket: begun, begun again when one is lost, and ended together.

Owns processes and signals. The first one makes all the checks of a start; the others follow once it serves. What a
process serves is the caller's business. The socket outlives each of them, so nobody who connects is turned away.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

OURS = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGINT})
ENDS = frozenset({signal.SIGTERM, signal.SIGINT})
STEADY_SECONDS = 5.0
"""A process that lived this long is replaced at once; one that did not, after a growing pause."""
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """What a serving process knows of its supervisor."""

    ready: Callable[[], bool]
    """Says that it serves; True for the first one, which speaks for all."""
    lifeline: int
    """A pipe that ends when the supervisor does."""


@dataclass(slots=True)
class Supervisor:
    """Runs until it is told to end, or until the very first process could not start."""

    serve: Callable[[Place], int]
    count: int
    patience: float
    say: Callable[[str], None]
    shut: Callable[[], None]
    """Takes no more connections; called first, so that who comes now is refused and not left waiting."""

    _born: dict[int, float] = field(default_factory=dict)
    _due: list[float] = field(default_factory=list)
    _pause: float = 0.0

    def run(self) -> int:
        """The exit code: 0 after an end that was asked for, else that of the first process."""
        signal.pthread_sigmask(signal.SIG_BLOCK, OURS)
        lifeline = os.pipe()
        told, ready = os.pipe()
        first = self._begin(lifeline, ready)
        os.close(ready)
        served = os.read(told, 1)
        os.close(told)
        if not served:
            return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
        for _ in range(self.count - 1):
            self._begin(lifeline)
        self._watch(lifeline)
        return self._end()

    def _watch(self, lifeline: tuple[int, int]) -> None:
        while (came := signal.sigtimedwait(OURS, self._until_next())) is None or came.si_signo not in ENDS:
            self._bury()
            due = [at for at in self._due if at <= time.monotonic()]
            self._due = [at for at in self._due if at not in due]
            for _ in due:
                self._begin(lifeline)

    def _until_next(self) -> float:
        return max(0.0, min(self._due, default=time.monotonic() + 60) - time.monotonic())

    def _bury(self) -> None:
        """Notes who is gone, and when the next is to be begun."""
        for process, born in list(self._born.items()):
            gone, status = os.waitpid(process, os.WNOHANG)
            if gone == 0:
                continue
            del self._born[process]
            steady = time.monotonic() - born >= STEADY_SECONDS
            self._pause = 0.0 if steady else min(LONGEST_PAUSE, self._pause * 2 or 0.5)
            self._due.append(time.monotonic() + self._pause)
            self.say(f"A serving process ended ({os.waitstatus_to_exitcode(status)}); another one takes its place.")

    def _end(self) -> int:
        """Lets all finish what they began; who takes longer than anybody's patience is killed."""
        self.shut()
        for process in self._born:
            os.kill(process, signal.SIGTERM)
        until = time.monotonic() + self.patience
        while self._born and (left := until - time.monotonic()) > 0:
            signal.sigtimedwait({signal.SIGCHLD}, min(left, 0.2))
            self._born = {each: born for each, born in self._born.items() if os.waitpid(each, os.WNOHANG)[0] == 0}
        for process in self._born:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        return 0

    def _begin(self, lifeline: tuple[int, int], ready: int | None = None) -> int:
        process = os.fork()
        if process == 0:
            self._be_born(lifeline, ready)
        self._born[process] = time.monotonic()
        return process

    def _be_born(self, lifeline: tuple[int, int], ready: int | None) -> NoReturn:
        code = 1
        try:
            os.close(lifeline[1])
            signal.pthread_sigmask(signal.SIG_UNBLOCK, OURS)
            code = self.serve(Place(lambda: _tell(ready), lifeline[0]))
        except Exception as fault:  # noqa: BLE001 - this process ends here; its fault is told by kind, never by text
            self.say(f"A serving process failed: {type(fault).__name__}.")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def _tell(ready: int | None) -> bool:
    if ready is None:
        return False
    os.write(ready, b"1")
    os.close(ready)
    return True
