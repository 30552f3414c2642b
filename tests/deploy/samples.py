"""The deploy files, read."""

import re
import tomllib
from pathlib import Path
from typing import TypeAlias

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
Node: TypeAlias = dict[str, "Node"]


def compose() -> Node:
    """The compose file, its anchors merged."""
    read: Node = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def manifests() -> list[Node]:
    """Every object for Kubernetes."""
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "agegate.yaml").read_text("utf-8")))


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined, comments left out."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def locked() -> set[str]:
    """The scripts that the package installs."""
    return set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"])


def at(node: object, *path: str | int) -> object:
    """What stands at a place of a document."""
    for step in path:
        assert isinstance(node, dict | list)
        node = node[step]  # type: ignore[index]  # a name in an object, a number in a list
    return node


def names(node: object, *path: str | int) -> set[str]:
    """The members of an object, the texts of a list, or the `name` (or `target`) of its objects."""
    found = at(node, *path)
    assert isinstance(found, dict | list)
    return {str(item.get("name") or item["target"]) if isinstance(item, dict) else str(item) for item in found}
