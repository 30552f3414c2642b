"""The fixtures that all rooms share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.houses import Home, open_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A house with the services `game` (profile deepseek) and `scan` (profile deepseek-ocr)."""
    opened = open_home(tmp_path)
    opened.register("game", "deepseek")
    opened.register("scan", "deepseek-ocr")
    yield opened
    opened.house.close()
