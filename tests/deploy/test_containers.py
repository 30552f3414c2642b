"""The container files hold what they promise: no root, nothing writable, no secret in an environment, real commands."""

import re
from collections.abc import Iterator

import pytest

from agegate.settings import Settings
from tests.cli.commands import run
from tests.deploy.samples import at, compose, locked, manifests, names, steps

OURS = ("api", "worker")
POD = ("spec", "template", "spec")
CLOSED = {"readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def pods() -> Iterator[tuple[str, object]]:
    """Every pod that runs our image, by its container's name."""
    for manifest in manifests():
        if at(manifest, "kind") in {"Deployment", "Job"}:
            yield str(at(manifest, *POD, "containers", 0, "name")), at(manifest, *POD)


PODS = dict(pods())


def test_the_last_stage_has_no_build_tool_and_no_root() -> None:
    last = steps()[max(place for place, (word, _) in enumerate(steps()) if word == "FROM") :]
    assert [said for word, said in last if word == "RUN" and re.search(r"\b(pip|apt|curl|gcc)\b", said)] == []
    assert [said for word, said in last if word == "USER"] == ["10001:10001"]
    assert [said for word, said in last if word == "ENTRYPOINT"] == [f'["{locked().pop()}"]']


def test_what_is_installed_is_pinned_by_hashes() -> None:
    installs = [part for word, said in steps() if word == "RUN" for part in said.split("&&") if "pip install" in part]
    assert [line for line in installs if not ("--require-hashes" in line or "--no-deps" in line)] == []


def test_the_container_answers_for_its_health() -> None:
    assert "HEALTHCHECK" in {word for word, _ in steps()}


@pytest.mark.parametrize("service", OURS)
def test_a_composed_service_can_write_nowhere_but_its_volumes(service: str) -> None:
    told = compose()["services"][service]
    closed = [at(told, name) for name in ("read_only", "cap_drop", "security_opt")]
    assert closed == [True, ["ALL"], ["no-new-privileges:true"]]


@pytest.mark.parametrize("service", OURS)
def test_a_composed_service_publishes_to_this_machine_only(service: str) -> None:
    ports = names(compose(), "services", service, "ports")
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("service", OURS)
def test_every_secret_of_a_service_is_a_file(service: str) -> None:
    assert names(compose(), "services", service, "secrets") <= names(compose(), "secrets")
    secret = {"AGEGATE_DATABASE_URL", "AGEGATE_MAIL_URL", "AGEGATE_METRICS_TOKEN"}
    assert secret & names(compose(), "services", service, "environment") == set()


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_as_closed_as_a_pod_can_be(name: str) -> None:
    assert at(PODS[name], "containers", 0, "securityContext") == CLOSED
    outer = [at(PODS[name], "securityContext", rule) for rule in ("runAsNonRoot", "runAsUser", "fsGroup")]
    assert [*outer, at(PODS[name], "automountServiceAccountToken")] == [True, 10001, 10001, False]


@pytest.mark.parametrize("name", PODS)
def test_a_pods_mounts_exist(name: str) -> None:
    assert names(PODS[name], "containers", 0, "volumeMounts") == names(PODS[name], "volumes")


@pytest.mark.parametrize("name", OURS)
def test_a_pod_that_serves_is_probed_on_a_port_that_it_has(name: str) -> None:
    probes = {word for word in names(PODS[name], "containers", 0) if word.endswith("Probe")}
    asked = {str(at(PODS[name], "containers", 0, probe, "httpGet", "port")) for probe in probes}
    assert asked <= names(PODS[name], "containers", 0, "ports")
    assert ("readinessProbe" in probes, "livenessProbe" in probes) == (name == "api", True)


def test_every_setting_that_a_file_names_exists() -> None:
    named = names(manifests()[0], "data").union(*(names(compose(), "services", part, "environment") for part in OURS))
    known = {f"AGEGATE_{name.upper()}" for name in Settings.model_fields} | {"AGEGATE_SECRETS"}
    assert named - known == set()


ARGUMENTS = [
    *(at(compose(), "services", part, "command") for part in OURS),
    *(at(PODS[name], "containers", 0, "args") for name in PODS),
]


@pytest.mark.parametrize("words", ARGUMENTS, ids=lambda words: str(words[0]))
def test_every_command_that_a_file_gives_exists_with_its_options(words: list[str]) -> None:
    told = run(words[0], "--help")
    assert told.exit_code == 0
    assert [word for word in words if word.startswith("--") and word not in told.output] == []
