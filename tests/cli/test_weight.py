"""What a server at rest carries: nothing that only a mail, a page, a scrape or another command needs."""

import os
import subprocess
import sys

import pytest

from agegate.cli.late import PLACES
from agegate.environment import CannotStart
from agegate.settings import load_settings
from tests.cli.commands import run
from tests.houses import Home

NOT_AT_REST = {
    "aiosmtplib",
    "alembic",
    "babel",
    "certifi",
    "disposable_email_domains",
    "email_validator",
    "http.server",
    "httpcore",
    "httpx",
    "jinja2",
    "prometheus_client",
    "psycopg",
    "rich",
    "structlog",
}
OPENED = """
import sys
from agegate.cli.app import app
from agegate.cli import late, serving
import agegate.app, agegate.cli.server
from agegate.house import open_house
from agegate.settings import load_settings
house = open_house(load_settings())
agegate.app.web_app(house, with_worker=True)
house.close()
print(*sys.modules)
"""


def test_a_server_at_rest_has_loaded_nothing_that_it_does_not_use(sqlite_home: Home) -> None:
    chosen = sqlite_home.house.settings
    environment = os.environ | {"AGEGATE_DATA": str(chosen.data), "AGEGATE_DATABASE_URL": chosen.database}
    ran = subprocess.run([sys.executable, "-c", OPENED], env=environment, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert loaded & NOT_AT_REST == set()
    assert {name for name in loaded if name.startswith("agegate.cli.")} <= {
        f"agegate.cli.{name}" for name in ("app", "late", "serving", "door", "server", "one_write", "watching")
    }


@pytest.mark.parametrize("name", PLACES)
def test_every_command_is_found_by_its_name(name: str) -> None:
    ran = run(name, "--help")
    assert (ran.exit_code, f"agegate {name}" in ran.stdout or f" {name} " in ran.stdout) == (0, True)


def test_a_mistyped_name_is_told_the_name_alike() -> None:
    ran = run("serv")
    assert (ran.exit_code, "'serve'" in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    ("setting", "good"),
    [("operator_mail", "ops@age.example"), ("bounce_address", "b@age.example"), ("app_role", "agegate_app")],
)
@pytest.mark.parametrize("tail", ["\n", " ", "\x00\n", "@x.example"])
def test_a_setting_with_a_form_takes_nothing_after_it(setting: str, good: str, tail: str) -> None:
    load_settings(**{setting: good})
    with pytest.raises(CannotStart, match=setting.upper()):
        load_settings(**{setting: good + tail})
