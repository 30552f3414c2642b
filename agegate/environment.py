"""Where evidence counts, and that a start was refused: known without reading a setting, so that --help is quick."""

from enum import StrEnum


class Environment(StrEnum):
    """Where evidence made here counts: `test` evidence is never accepted in production."""

    TEST = "test"
    PRODUCTION = "production"


class CannotStart(Exception):
    """The server must not run as configured; the text says why and what to do."""
