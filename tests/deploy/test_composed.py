"""What the composed services find when they begin: secrets and roles, made by the files that make them."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.deploy.samples import DEPLOY, ROOT, at, compose, names

ROLES = ("owner", "app", "worker")
DOCKER = '#!/bin/sh\nexport AGEGATE_KEK_FILE="$PWD/keys.json"\nexec "{python}" -m agegate init --key-file-only\n'


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that secrets.sh makes; instead of a container the command runs here, and owners stay as they are."""
    folder = tmp_path_factory.mktemp("composed")
    for name, text in (("docker", DOCKER.format(python=sys.executable)), ("chown", "#!/bin/sh\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    given = {name: value for name, value in os.environ.items() if not name.startswith("AGEGATE_")}
    given |= {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "AGEGATE_MAIL_URL": "folder:/mail"}
    subprocess.run([str(DEPLOY / "secrets.sh")], cwd=folder, env=given, check=True, timeout=60, capture_output=True)
    return folder / "secrets"


@pytest.fixture
def cluster(postgres_server: str, secrets: Path) -> Iterator[str]:
    """A server on which roles.sql ran, as PostgreSQL's image runs it."""
    script = (DEPLOY / "postgres" / "roles.sql").read_text("utf-8").replace("/run/secrets", str(secrets))
    statements = [line for line in script.splitlines() if not line.startswith(("--", "\\set"))]
    for role in ROLES:
        statements = [
            line.replace(f":'{role}'", f"'{(secrets / f'{role}_password').read_text()}'") for line in statements
        ]
    postgres.execute(f"{postgres_server}/postgres", *statements)
    yield postgres_server
    dropped = [f"DROP ROLE agegate_{role}" for role in ROLES]
    postgres.execute(f"{postgres_server}/postgres", "DROP DATABASE agegate WITH (FORCE)", *dropped)


def test_every_secret_of_the_composed_services_is_made(secrets: Path) -> None:
    listed = compose()["secrets"]
    files = {Path(str(each["file"])).name for each in listed.values()}
    assert {file.name for file in secrets.iterdir()} == files
    assert names(compose(), "secrets") == set(listed)


def test_no_secret_may_be_read_by_everybody(secrets: Path) -> None:
    assert {oct(stat.S_IMODE(file.stat().st_mode)) for file in secrets.iterdir()} == {"0o440"}


def test_secrets_are_not_made_over_others(secrets: Path) -> None:
    before = (secrets / "keys.json").read_bytes()
    given = os.environ | {"AGEGATE_MAIL_URL": "folder:/mail"}
    ran = subprocess.run([str(DEPLOY / "secrets.sh")], cwd=secrets.parent, env=given, check=False, capture_output=True)
    assert (ran.returncode != 0, (secrets / "keys.json").read_bytes()) == (True, before)


def test_the_owner_migrates_and_gives_the_two_roles_their_rights(cluster: str, secrets: Path, tmp_path: Path) -> None:
    server = cluster.rpartition("@")[2]
    given = {name: value for name, value in os.environ.items() if not name.startswith("AGEGATE_")}
    given |= {"AGEGATE_DATA": str(tmp_path), "AGEGATE_APP_ROLE": "agegate_app", "AGEGATE_WORKER_ROLE": "agegate_worker"}
    address = (secrets / "owner_url").read_text().replace("@database/", f"@{server}/")
    command = [sys.executable, "-m", "agegate", "init"]
    ran = subprocess.run(
        command, env=given | {"AGEGATE_DATABASE_URL": address}, check=False, timeout=60, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr
    for role in ("app", "worker"):
        told = (secrets / f"{role}_url").read_text().replace("@database/", f"@{server}/")
        with psycopg.connect(told) as connection:
            assert connection.execute("SELECT count(*) FROM subjects").fetchone() == (0,)


def test_every_role_has_a_password(cluster: str) -> None:
    with psycopg.connect(f"{cluster}/postgres") as connection:
        asked = "SELECT count(*) FROM pg_authid WHERE rolname LIKE 'agegate\\_%' AND rolpassword LIKE 'SCRAM%'"
        assert connection.execute(asked.encode()).fetchone() == (3,)


def test_the_databases_own_log_repeats_no_row() -> None:
    told = at(compose(), "services", "database", "command")
    assert isinstance(told, list)
    settings = dict(word.split("=") for word in told if word != "-c")
    with postgres.folders(1) as (folder,):
        cluster = postgres.Cluster(postgres.binaries(folder), folder, postgres.unprivileged())
        cluster.create()
        cluster.start(**settings, log_min_duration_statement="0")
        address = f"{cluster.address}/postgres"
        postgres.execute(address, "CREATE TABLE children (name text CHECK (name <> 'canary'))")
        with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO children VALUES (%s)", ("canary",))
        cluster.stop()
        log = (folder / "log").read_text()
    assert "INSERT INTO children VALUES ($1)" in log
    assert [line for line in log.splitlines() if "canary" in line and "CREATE TABLE" not in line] == []
