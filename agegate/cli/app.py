"""The command line.

Owns its one door. Which commands there are is in `late.py`; what they do is in the files beside it, each of which
imports the rooms it needs late, so that --help is quick.
"""

from agegate.cli.late import Late, group

app = group(
    "Age gate, guardian consent, signed age-status tokens and provable purge, in one service.\n\n"
    "First try: `agegate demo` walks the whole road once; `agegate serve` serves it.",
    Late,
)


def run() -> None:
    """Runs one command and ends the process with its exit code."""
    app()
