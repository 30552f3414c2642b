"""A command run as from a shell, in this process."""

from typer.testing import CliRunner, Result

from agegate.cli.app import app


def run(*words: str) -> Result:
    """What `agegate WORDS…` answers: exit code, stdout, stderr."""
    return CliRunner().invoke(app, words)
