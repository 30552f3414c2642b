"""A browser and a served house for a whole file. What cannot be had here, Chromium or axe-core, is left out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import axe_is_here
from tests.browser.chromium import chromium_is_here, launched
from tests.browser.site import Site, site

collect_ignore_glob = [] if chromium_is_here() else ["test_*.py"]
if not axe_is_here():
    collect_ignore_glob.append("test_accessibility.py")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. Its loop holds this thread until the file is done."""
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A house on SQLite; every test has subjects of its own."""
    folder = tmp_path_factory.mktemp("browser")
    with site(folder, f"sqlite:///{folder}/database.sqlite3") as found:
        yield found
