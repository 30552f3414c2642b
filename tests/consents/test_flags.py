"""A profile that only flags throw-away addresses, instead of refusing them: what its service sees of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import agegate.law.loader
from tests.houses import Home, open_home
from tests.journeys.people import waiting_minor

SHIPPED = Path(agegate.law.loader.__file__).parent / "profiles" / "deepseek.toml"
PATH = "/v1/subjects/alex/consent-requests"


@pytest.fixture
def lenient(tmp_path: Path, database_url: str) -> Iterator[Home]:
    """A house whose service `game` has a profile of its own with `refuse_disposable = false`."""
    own = tmp_path / "data" / "profiles"
    own.mkdir(parents=True)
    text = SHIPPED.read_text("utf-8").replace('name = "deepseek"', 'name = "lenient"')
    (own / "lenient.toml").write_text(text.replace("[consent]", "[consent]\nrefuse_disposable = false"), "utf-8")
    opened = open_home(tmp_path, database_url=database_url)
    opened.register("game", "lenient")
    yield opened
    opened.house.close()


@pytest.mark.parametrize(
    ("guardian", "flags"), [("mum@mailinator.com", ["disposable_domain"]), ("mum@example.org", None)]
)
def test_a_throw_away_address_passes_with_a_flag(lenient: Home, guardian: str, flags: list[str] | None) -> None:
    waiting_minor(lenient)
    asked = lenient.call("POST", PATH, {"guardian_email": guardian}, key=lenient.keys["game"])
    seen = lenient.call("GET", f"{PATH}/{asked.json()['id']}", key=lenient.keys["game"]).json()
    lenient.work()
    assert (asked.status_code, seen.get("flags"), len(lenient.mails())) == (202, flags, 1)


def test_the_first_answer_to_it_is_the_same_for_every_address(lenient: Home) -> None:
    waiting_minor(lenient)
    told = [
        lenient.call("POST", PATH, {"guardian_email": each}, key=lenient.keys["game"]).json()
        for each in ("mum@mailinator.com", "dad@example.org")
    ]
    assert {tuple(each) for each in told} == {("id", "state", "expires_at")}
