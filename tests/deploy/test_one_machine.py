"""The files for one machine: systemd's units, nginx, and the settings of the composed service started for real."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import uvicorn

from tests.deploy.samples import DEPLOY, ROOT, at, compose

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_hardened_and_ends_for_good_where_it_must_not_start(unit: Path) -> None:
    told = set(unit.read_text("utf-8").splitlines())
    assert told >= {
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "UMask=0077",
        "RestartPreventExitStatus=78",
        "LoadCredential=keys.json:/etc/agegate/keys.json",
        "StateDirectory=agegate agegate-ledger",
        "TimeoutStopSec=60",
    }


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_itself_finds_nothing_wrong_where_there_is_one(unit: Path, tmp_path: Path) -> None:
    # Only the program's place is another here: /opt/agegate is made by whoever installs it.
    there = tmp_path / unit.name
    there.write_text(unit.read_text("utf-8").replace("/opt/agegate/bin/agegate", sys.executable), "utf-8")
    for program in filter(None, [shutil.which("systemd-analyze")]):
        checked = subprocess.run([program, "verify", str(there)], capture_output=True, text=True, check=False)
        assert unit.name not in checked.stderr
    assert there.stat().st_size > 0


@pytest.mark.parametrize(
    "line",
    [
        "client_header_timeout 10s;",
        "client_body_timeout 30s;",
        "client_max_body_size 64k;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "keepalive_timeout 3s;",
    ],
)
def test_nginx_has_the_limits_that_the_server_leaves_to_it(line: str) -> None:
    assert line in NGINX


def test_nginx_lets_go_of_a_connection_before_the_server_does() -> None:
    (seconds,) = re.findall(r"\n  keepalive_timeout (\d+)s;", NGINX)
    assert int(seconds) + 1 < uvicorn.Config("agegate", log_config=None).timeout_keep_alive


def test_nginx_writes_no_address_of_a_request() -> None:
    formats = re.findall(r"log_format \w+ (.+);", NGINX)
    asked = (
        "$request ",
        '$request"',
        "$request_uri",
        "$uri",
        "$args",
        "$query_string",
        "$http_referer",
        "$remote_addr",
    )
    assert formats
    assert [name for name in asked for told in formats if name in f"{told} "] == []
    assert set(re.findall(r"error_log \S+ (\w+);", NGINX)) == {"emerg"}


def test_nginx_itself_finds_nothing_wrong_where_there_is_one(tmp_path: Path) -> None:
    plain = re.sub(r"\n\s+(ssl_\w+|http2) [^;]+;", "", NGINX).replace("443 ssl", "18443").replace("80;", "18080;")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{plain.replace('/var/log/nginx', str(tmp_path))}\n}}\n"
    )
    for program in filter(None, [shutil.which("nginx")]):
        checked = subprocess.run([program, "-t", "-c", str(whole)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
    assert plain.count("{") == plain.count("}")


def composed(tmp_path: Path, database_url: str) -> dict[str, str]:
    """The environment of the composed API, with places of this machine."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (tmp_path / "ledger").mkdir()
    given = {
        "AGEGATE_DATABASE_URL": database_url,
        "AGEGATE_MAIL_URL": f"folder:{tmp_path}/mail",
        "AGEGATE_METRICS_TOKEN": "a-token-of-thirty-two-characters",
    }
    for name, value in given.items():
        (secrets / name).write_text(value)
    places = {"/run/secrets/keys": f"{secrets}/keys", "/run/secrets": str(secrets), "/ledger": f"{tmp_path}/ledger"}
    told = at(compose(), "services", "api", "environment")
    assert isinstance(told, dict)
    outer = {"AGEGATE_ISSUER": "https://age.example", "AGEGATE_MAIL_FROM": "agegate@age.example"}
    chosen = {name: outer.get(name, places.get(str(value), str(value))) for name, value in told.items()}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AGEGATE_")}
    environment |= chosen | {"AGEGATE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    return environment


def test_the_composed_environment_serves_for_real(tmp_path: Path, database_url: str) -> None:
    environment = composed(tmp_path, database_url)
    command = [sys.executable, "-m", "agegate"]
    subprocess.run([*command, "init"], env=environment, cwd=tmp_path, check=True, timeout=60, capture_output=True)
    served = subprocess.Popen(
        [*command, "serve", "--port", "18477", "--no-worker"], env=environment, cwd=tmp_path, stderr=subprocess.PIPE
    )
    try:
        assert ready("http://127.0.0.1:18477/readyz") == 200
    finally:
        served.send_signal(signal.SIGTERM)
        _, told_of = served.communicate(timeout=30)
    assert b'"event":"request"' in told_of


def ready(address: str) -> int:
    """The status, once anybody answers."""
    for _ in range(300):
        try:
            return httpx.get(address, headers={"Host": "age.example"}).status_code
        except httpx.TransportError:
            time.sleep(0.1)
    return 0
