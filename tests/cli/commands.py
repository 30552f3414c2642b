"""A command run as from a shell, in this process, and a house that it opens too."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agegate.cli.app import app
from agegate.clock import utc_now
from tests.houses import ISSUER, Home, open_home


def run(*words: str) -> Result:
    """What `agegate WORDS…` answers: exit code, stdout, stderr."""
    return CliRunner().invoke(app, words)


def commanded_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A house in that folder with the service `game`, which the commands find by their settings."""
    monkeypatch.setenv("AGEGATE_DATA", str(folder / "data"))
    monkeypatch.setenv("AGEGATE_ISSUER", ISSUER)
    monkeypatch.chdir(folder)
    home = open_home(folder, at=utc_now())
    home.register("game", "deepseek")
    return home
