"""The command to which a mail server pipes what comes back: `agegate mail bounce`.

It ends with the codes of sysexits.h that mail servers know, and says nothing that stood in the mail.
"""

import sys
from typing import Annotated, NoReturn

import typer

from agegate.cli.door import house, say

mail_app = typer.Typer(no_args_is_help=True, help="Mail that comes back.")
NOT_A_MESSAGE, TRY_AGAIN = 65, 75
WHY_NOT = {
    "no-bounce": "it reports no failure",
    "temporary": "the failure may pass, so the question stays open",
    "nameless": "it does not say which mail was lost",
}


@mail_app.callback()
def mail() -> None:
    """Mail that comes back."""


@mail_app.command("bounce")
def take_bounce(
    recipient: Annotated[
        str | None, typer.Option(help="The address it was delivered to; a mail server fills it in.")
    ] = None,
) -> None:
    """Read one bounce from standard input: a guardian's address that refuses mail ends the question to it.

    Exit code 0: taken, or no business of ours. 65: not a mail. 75: try again later, nothing was done.
    """
    from notifications.bounces import LARGEST, Bounce, NotAMessage, read_bounce

    content = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(LARGEST):
        pass  # a mail server that cannot write the rest would call it a failure
    try:
        read = read_bounce(content, recipient)
    except NotAMessage as fault:
        say(f"Refused: {fault}")
        raise typer.Exit(NOT_A_MESSAGE) from None
    if isinstance(read, Bounce):
        _take(read.names)
    else:
        say(f"Left alone: {WHY_NOT[read]}.")


def _take(names: tuple[str, ...]) -> None:
    try:
        with house() as opened:
            take, now = opened.take_bounce, opened.clock()
            letter = take.named(names)
            ended = letter is not None and opened.store.write_now(lambda tx: take.failed(tx, letter, now))
    except typer.Exit:
        _later()  # the reason was said; a mail server would take its code for a refusal
    except Exception as fault:  # noqa: BLE001 - with a traceback's exit code 1 mail servers throw a bounce away
        say(f"It failed ({type(fault).__name__}).")
        _later()
    if letter is None:
        say("Left alone: it speaks of no mail of ours.")
    else:
        say("The question has ended as undeliverable." if ended else "Left alone: no answer to that mail is awaited.")


def _later() -> NoReturn:
    say("Nothing was done. Try again later.")
    raise typer.Exit(TRY_AGAIN)
