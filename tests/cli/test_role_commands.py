"""Commands under a role of PostgreSQL that may do too little say which one may, and end in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agegate.environment import CannotStart
from agegate.store.engine import open_engine
from agegate.store.rights import grant, require_rights
from tests import postgres
from tests.cli.test_starting import Ran, agegate

ROLES = {False: "agegate_cli_app", True: "agegate_cli_worker"}


@pytest.fixture
def database(postgres_url: str, tmp_path: Path) -> Iterator[str]:
    """A database of this version that was initialised by its owner, with both roles."""
    roles = {"AGEGATE_APP_ROLE": ROLES[False], "AGEGATE_WORKER_ROLE": ROLES[True]}
    ran = agegate(tmp_path, "init", AGEGATE_DATABASE_URL=postgres_url, **roles)
    assert (ran.returncode, "Rights given to" in ran.stderr) == (0, True), ran.stderr
    yield postgres_url
    postgres.execute(postgres_url, *(f"DROP OWNED BY {role}" for role in ROLES.values()))


def as_role(address: str, role: str) -> str:
    return address.replace("owner@", f"{role}@")


def ran_as(folder: Path, address: str, *words: str) -> Ran:
    return agegate(folder, *words, AGEGATE_DATABASE_URL=as_role(address, ROLES[False]))


@pytest.mark.parametrize("works", [False, True])
def test_a_role_with_its_rights_may_start(database: str, works: bool) -> None:
    engine = open_engine(as_role(database, ROLES[works]))
    require_rights(engine, works=works)
    engine.dispose()


@pytest.mark.parametrize("works", [False, True])
def test_a_role_without_a_right_on_a_new_table_is_told_which(database: str, works: bool) -> None:
    postgres.execute(database, f"REVOKE ALL ON sign_ins FROM {ROLES[works]}")
    engine = open_engine(as_role(database, ROLES[works]))
    with pytest.raises(CannotStart, match=r"rights on: sign_ins\. .* agegate migrate"):
        require_rights(engine, works=works)
    engine.dispose()


def test_the_owner_may_start_whatever_it_wants(database: str) -> None:
    engine = open_engine(database)
    require_rights(engine, works=True)
    grant(engine, None, None)
    engine.dispose()


@pytest.mark.parametrize("words", [("worker",), ("serve", "--port", "18499")], ids=lambda words: words[0])
def test_whoever_works_does_not_start_as_the_server(database: str, tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = ran_as(tmp_path, database, *words)
    assert (ran.returncode, "lacks rights on" in ran.stderr) == (78, True), ran.stderr


def test_a_role_that_may_read_nothing_cannot_start(database: str, tmp_path: Path) -> None:
    postgres.execute(database, f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLES[False]}")
    ran = ran_as(tmp_path, database, "serve", "--no-worker", "--port", "18499")
    assert (ran.returncode, "agegate migrate gave rights" in ran.stderr) == (78, True), ran.stderr


def test_registering_under_another_role_is_refused_in_words(database: str, tmp_path: Path) -> None:
    controller = tmp_path / "controller.toml"
    controller.write_text('name = "A Ltd"\npostal_address = "1 Street"\ncontact = "a@example.com"\n')
    words = ("service", "add", "chat", "--profile", "deepseek", "--controller", str(controller))
    ran = ran_as(tmp_path, database, *words)
    assert (ran.returncode, "run as the owner of the tables" in ran.stderr) == (1, True), ran.stderr


def test_a_schema_is_not_brought_up_by_another_role(database: str, tmp_path: Path) -> None:
    postgres.execute(database, "UPDATE alembic_version SET version_num = '0014'")
    ran = ran_as(tmp_path, database, "migrate")
    assert (ran.returncode, "Run agegate migrate as the owner" in ran.stderr) == (78, True), ran.stderr
