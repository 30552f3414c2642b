"""The deploy files before those who know them best: linters of the Dockerfile and of nginx, Kubernetes' own schemas."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.samples import DEPLOY

PROGRAMS = Path(sys.executable).parent


def told(program: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """The nginx sample where its first line says that it belongs."""
    file = tmp_path / "nginx.conf"
    file.write_text(f"events {{}}\nhttp {{\n{(DEPLOY / 'nginx.conf').read_text()}\n}}\n")
    return file


def faults_of(file: Path) -> list[str]:
    """What is wrong with an nginx file. The parser's table ends before nginx 1.25, when `http2` became a directive."""
    found = json.loads(told("crossplane", "parse", "--strict", file).stdout)
    faults = [str(fault["error"]) for config in found["config"] for fault in config["errors"]]
    return [fault for fault in faults if not fault.startswith('unknown directive "http2"')]


def test_nginx_knows_every_directive_where_it_stands(whole: Path) -> None:
    assert faults_of(whole) == []


def test_a_directive_that_nginx_does_not_know_would_be_noticed(whole: Path) -> None:
    whole.write_text(whole.read_text().replace("proxy_read_timeout", "proxy_reed_timeout"))
    assert [fault for fault in faults_of(whole) if "proxy_reed_timeout" in fault]


def test_no_known_mistake_is_in_the_nginx_sample(whole: Path) -> None:
    # agegate itself sends Strict-Transport-Security, which nginx passes on.
    found = told("gixy", "--format", "json", "--skips", "hsts_header", whole)
    assert (json.loads(found.stdout), found.returncode) == ([], 0)


def test_the_dockerfile_follows_every_rule_of_its_linter() -> None:
    found = told("hadolint", "--no-color", DEPLOY / "Dockerfile")
    assert (found.stdout, found.returncode) == ("", 0)


@pytest.mark.parametrize("file", sorted((DEPLOY / "kubernetes").glob("*.yaml")), ids=lambda file: file.name)
def test_kubernetes_knows_every_field_of_every_manifest(file: Path) -> None:
    found = told("kubernetes-validate", "--strict", file)
    assert (found.returncode, found.stdout + found.stderr) == (0, found.stdout + found.stderr)


def test_a_field_that_kubernetes_does_not_know_would_be_noticed(tmp_path: Path) -> None:
    file = tmp_path / "agegate.yaml"
    file.write_text((DEPLOY / "kubernetes" / "agegate.yaml").read_text().replace("replicas:", "replicaz:"))
    assert told("kubernetes-validate", "--strict", file).returncode != 0
