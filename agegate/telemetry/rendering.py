"""Turns what was logged into lines: first the allow-list, then JSON for machines or a short form for people.

Nothing passes that `events.py` does not list.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Final, Protocol

import orjson

from agegate.telemetry.events import EVENTS, Reader, Value, readers

Fields = MutableMapping[str, object]
LIBRARIES: Final = frozenset({"uvicorn", "asyncio", "sqlalchemy", "alembic", "httpx", "starlette", "py", "other"})
OURS: Final = "agegate"


class Render(Protocol):
    """A line from the listed fields."""

    def __call__(self, fields: Mapping[str, Value]) -> str: ...


class Listed:
    """Keeps of an event what the list names, and of everything else where it came from."""

    def __init__(self) -> None:
        self._routes: frozenset[str] = frozenset()
        self._kinds: frozenset[str] = frozenset()
        self.know()

    def know(self, routes: Iterable[str] = (), kinds: Iterable[str] = ()) -> None:
        """The templates and kinds of work of this process; until then none is written."""
        self._routes, self._kinds = self._routes.union(routes), self._kinds.union(kinds)
        known = readers(self._routes, self._kinds, LIBRARIES)
        self._fields: Mapping[str, list[tuple[str, Reader]]] = {
            event: [(field, known[field]) for field in fields] for event, fields in EVENTS.items()
        }

    def of_record(self, record: logging.LogRecord, at: str) -> dict[str, Value]:
        """What may be said of a record of the standard library's logging."""
        ours = record.name.partition(".")[0] == OURS
        if ours and isinstance(record.msg, str) and record.msg in EVENTS and not record.args:
            return self.of_event(record.msg, record.__dict__, record.levelname.lower(), at)
        fault = record.exc_info[0] if record.exc_info else None
        given = record.msg if isinstance(record.msg, BaseException) else None
        source = record.name.partition(".")[0]
        told = {
            "source": source if source in LIBRARIES else "other",
            "line": record.lineno,
            "fault": fault or (type(given) if given else None),
            "errno": given or (record.exc_info[1] if record.exc_info else None),
        }
        return self.of_event("unlisted", told, record.levelname.lower(), at)

    def of_event(self, event: str, given: Mapping[str, object], level: str, at: str) -> dict[str, Value]:
        """The listed fields of an event whose name is listed."""
        told: dict[str, Value] = {"at": at, "level": level, "event": event}
        for field, read in self._fields[event]:
            if (value := read(given.get(field))) is not None:
                told[field] = value
        return told


def as_json() -> Render:
    """One JSON object a line. Whatever speaks to structlog in such a process is led here too.

    It is loaded where lines are JSON: it brings the libraries that paint for people along, six megabytes.
    """
    import structlog
    from structlog.processors import JSONRenderer

    through = structlog.stdlib.render_to_log_kwargs
    structlog.configure(processors=[through], logger_factory=structlog.stdlib.LoggerFactory())
    render: Callable[..., str | bytes] = JSONRenderer(serializer=lambda fields, **_: orjson.dumps(fields).decode())
    return lambda fields: str(render(None, "", dict(fields)))


def as_text() -> Render:
    """For people at a terminal: time, level, event, values; of a request only the values."""

    def render(fields: Mapping[str, Value]) -> str:
        at, level, event, *values = fields.values()
        if event != "request":
            values = [f"{name}={value}" for name, value in zip(list(fields)[3:], values, strict=True)]
        return " ".join((str(at)[11:23], f"{level:7}", str(event), *map(str, values)))

    return render
