"""The container files hold what they promise: no root, nothing writable, no secret in an environment, real commands."""

import re
from collections.abc import Iterator
from socket import socket

import pytest

from agegate.cli.serving import Serving
from agegate.settings import Settings
from tests.cli.commands import run
from tests.deploy.samples import ROOT, at, compose, locked, manifests, names, steps

OURS = ("api", "worker")
COMPOSED = ("migrate", *OURS)
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


@pytest.mark.parametrize("service", COMPOSED)
def test_a_composed_service_can_write_nowhere_but_its_volumes(service: str) -> None:
    told = compose()["services"][service]
    closed = [at(told, name) for name in ("read_only", "cap_drop", "security_opt")]
    assert closed == [True, ["ALL"], ["no-new-privileges:true"]]


@pytest.mark.parametrize("service", OURS)
def test_a_composed_service_publishes_to_this_machine_only(service: str) -> None:
    ports = names(compose(), "services", service, "ports")
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("service", COMPOSED)
def test_every_secret_of_a_service_is_a_file(service: str) -> None:
    assert sources(service) <= names(compose(), "secrets")
    secret = {"AGEGATE_DATABASE_URL", "AGEGATE_MAIL_URL", "AGEGATE_METRICS_TOKEN"}
    assert secret & names(compose(), "services", service, "environment") == set()


def sources(service: str) -> set[str]:
    """The secrets that a composed service reads."""
    listed = at(compose(), "services", service, "secrets")
    assert isinstance(listed, list)
    return {str(each["source"]) if isinstance(each, dict) else str(each) for each in listed}


@pytest.mark.parametrize("service", COMPOSED)
def test_a_composed_service_knows_the_database_by_its_own_role_alone(service: str) -> None:
    role = {"migrate": "owner_url", "api": "app_url", "worker": "worker_url"}[service]
    assert {each for each in sources(service) if each.endswith(("_url", "_password"))} == {role}


@pytest.mark.parametrize("service", OURS)
def test_a_composed_service_begins_after_the_schema_is_there(service: str) -> None:
    after = at(compose(), "services", service, "depends_on", "migrate", "condition")
    assert (after, at(compose(), "services", "migrate", "command")) == ("service_completed_successfully", ["init"])


def test_every_volume_of_ours_belongs_to_our_user_in_the_image() -> None:
    mounted = {
        each.partition(":")[2] for service in COMPOSED for each in names(compose(), "services", service, "volumes")
    }
    made = next(said for word, said in steps() if word == "RUN" and "install -d" in said).split()
    assert mounted - set(made) == set()


ROLE_OF = {"migrate": "agegate-owner", "api": "agegate-app", "worker": "agegate-worker"}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_knows_the_database_by_its_own_role_alone(name: str) -> None:
    volumes = at(PODS[name], "volumes")
    assert isinstance(volumes, list)
    (secrets,) = [each for each in volumes if each["name"] == "secrets"]
    found = {str(at(each, "secret", "name")) for each in at(secrets, "projected", "sources")}  # type: ignore[attr-defined]  # a list
    assert found == {"agegate-settings", ROLE_OF[name]}


def test_what_comes_first_can_be_applied_alone() -> None:
    first = {str(at(each, "kind")) for each in manifests() if at(each, "metadata").get("labels") == {"order": "first"}}  # type: ignore[attr-defined]  # an object
    assert first == {"ConfigMap", "PersistentVolumeClaim", "Job"}


def seconds(told: object) -> int:
    """Of `20s`, or of a number."""
    return int(str(told).removesuffix("s"))


@pytest.mark.parametrize("works", [False, True])
def test_whoever_ends_is_given_the_time_that_it_takes(works: bool) -> None:
    with socket() as listener:
        took = Serving(Settings(), listener, "", ("", None), with_worker=works).patience
    name = "worker" if works else "api"
    pod = PODS[name]
    waits = 0 if works else int(str(at(pod, "containers", 0, "lifecycle", "preStop", "exec", "command", 2))[-2])
    given = (at(pod, "terminationGracePeriodSeconds"), at(compose(), "services", name, "stop_grace_period"))
    assert (seconds(given[0]) > took + waits, seconds(given[1]) > took) == (True, True)


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
    named = names(manifests()[0], "data").union(
        *(names(compose(), "services", part, "environment") for part in COMPOSED)
    )
    known = {f"AGEGATE_{name.upper()}" for name in Settings.model_fields} | {"AGEGATE_SECRETS"}
    assert named - known == set()


ARGUMENTS = [
    *(at(compose(), "services", part, "command") for part in COMPOSED),
    *(at(PODS[name], "containers", 0, "args") for name in PODS),
]


@pytest.mark.parametrize("words", ARGUMENTS, ids=lambda words: str(words[0]))
def test_every_command_that_a_file_gives_exists_with_its_options(words: list[str]) -> None:
    told = run(words[0], "--help")
    assert told.exit_code == 0
    assert [word for word in words if word.startswith("--") and word not in told.output] == []


def test_whoever_builds_is_sent_what_the_image_is_made_of_and_no_more() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = [said.split()[:-1] for word, said in steps() if word == "COPY" and not said.startswith("--from")]
    assert {part.partition("/")[0] for parts in copied for part in parts} == sent


def pinned(name: str) -> set[str]:
    """What a lock file pins."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    return {line.partition(" ")[0] for line in lines if "==" in line}


def test_an_image_that_can_send_traces_is_the_same_and_more() -> None:
    more = {pin.partition("==")[0] for pin in pinned("traces") - pinned("run")}
    assert pinned("run") - pinned("traces") == set()
    assert {"opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"} <= more
