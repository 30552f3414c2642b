"""Sentences that the pages show and no template holds: the refusals that a guardian can meet.

Refusals that only a program can cause (too large a body, two Host headers) stay in English.
"""

from agegate.rules import errors as rules
from agegate.web import refusals as web
from agegate.web.problems import kind_of

MET_BY_GUARDIANS = (
    rules.FormForged,
    rules.LinkUnknown,
    rules.RequestExpired,
    rules.AlreadyAnswered,
    rules.ChoiceMissing,
    web.PathUnknown,
    web.Unavailable,
    web.Unexpected,
)


def page_sentences() -> tuple[str, ...]:
    """Title and sentence of each."""
    errors = [kind() for kind in MET_BY_GUARDIANS]
    return tuple(text for error in errors for text in (kind_of(error).title, str(error)))
