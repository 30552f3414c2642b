"""What every command does first and last: read settings, open the house, end with the right exit code and words.

Facts go to stdout, words for people to stderr. A refusal is one sentence; a fault of the start is exit code 78.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from agegate.rules.errors import AgeGateError

if TYPE_CHECKING:
    from agegate.house import House
    from agegate.settings import Settings

REFUSED, WRONG_USE, CANNOT_START = 1, 2, 78
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def say(words: str) -> None:
    """Words for a person, on stderr."""
    typer.echo(words, err=True)


def refuse(reason: str | AgeGateError) -> NoReturn:
    """Ends the command with exit code 1 and the reason."""
    say(f"Refused: {reason}")
    raise typer.Exit(REFUSED)


def wrong_use(reason: str) -> NoReturn:
    """Ends the command with exit code 2 and the reason."""
    say(f"Wrong use: {reason}")
    raise typer.Exit(WRONG_USE)


@contextmanager
def start_faults() -> Iterator[None]:
    """Turns a CannotStart into its words and exit code 78 (EX_CONFIG of sysexits.h)."""
    from agegate.environment import CannotStart

    try:
        yield
    except CannotStart as fault:
        say(f"agegate cannot start. {fault}")
        raise typer.Exit(CANNOT_START) from None


def settings(**given: object) -> "Settings":
    """The settings; what a command's options say wins."""
    from agegate.settings import load_settings

    return load_settings(**{name: value for name, value in given.items() if value is not None})


@contextmanager
def house(**given: object) -> Iterator["House"]:
    """The opened house for one command, closed afterwards."""
    from agegate.house import open_house

    with start_faults(), role_faults(CANNOT_START):
        chosen = settings(**given)
        begin_logging(chosen)
        opened = open_house(chosen)
    try:
        with role_faults():
            yield opened
    finally:
        opened.close()


@contextmanager
def role_faults(code: int = REFUSED) -> Iterator[None]:
    """What PostgreSQL refuses to this role ends the command in words; every other fault goes on."""
    from agegate.store.faults import is_not_allowed

    try:
        yield
    except Exception as fault:
        if not is_not_allowed(fault):
            raise
        say(
            "Refused: the role that AGEGATE_DATABASE_URL names must not do that in the database. Commands that "
            "register run as the owner of the tables, server and worker as roles to which agegate migrate gave rights."
        )
        raise typer.Exit(code) from None


def begin_logging(chosen: "Settings") -> None:
    """Log lines go to stderr, through the one door that knows what may be said."""
    from agegate.environment import Environment
    from agegate.telemetry.process_log import PROCESS_LOG

    PROCESS_LOG.begin(chosen.log_form, chosen.log_level)
    if chosen.log_form == "json" or chosen.environment is Environment.PRODUCTION:
        PROCESS_LOG.catch_crashes()


def require_name(text: str, what: str) -> str:
    """A name of ours, fit for paths and tokens; ends the command otherwise."""
    if not NAME.fullmatch(text):
        wrong_use(f"the name of a {what} has 1 to 63 characters of a-z, 0-9 and -, for example my-{what}.")
    return text
