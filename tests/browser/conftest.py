"""A browser and a served house for a whole file. What cannot be had here, Chromium or axe-core, is left out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import postgres
from tests.browser.axe import axe_is_here
from tests.browser.chromium import Eyes, chromium_is_here, launched, looking
from tests.browser.site import Site, site
from tests.browser.walk import EVERY_EYES, EVERY_WALK, Walk

collect_ignore_glob = [] if chromium_is_here() else ["test_*.py"]
if not axe_is_here():
    collect_ignore_glob.append("test_accessibility.py")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. Its loop holds this thread until the file is done."""
    with launched() as found:
        yield found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if EVERY_WALK else ["sqlite"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A house of its own for each file; every test has subjects of its own."""
    folder = tmp_path_factory.mktemp("browser")
    if request.param == "sqlite":
        with site(folder, f"sqlite:///{folder}/database.sqlite3") as found:
            yield found
        return
    server, name = str(request.getfixturevalue("postgres_server")), f"agegate_{folder.name}"
    postgres.execute(f"{server}/postgres", f"CREATE DATABASE {name} TEMPLATE agegate_template")
    with site(folder, f"{server}/{name}") as found:
        yield found


@pytest.fixture(params=EVERY_EYES if EVERY_WALK else EVERY_EYES[:1], ids=str)
def walk(request: pytest.FixtureRequest, browser: Browser, served: Site) -> Iterator[Walk]:
    """A guardian's browser, on a phone and on a desk, in several languages, without scripts."""
    eyes: Eyes = request.param
    with looking(browser, eyes) as page:
        yield Walk(served, browser, eyes, page)
