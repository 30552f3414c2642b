"""Holds an answer against openapi.yaml: its status is listed, and its body is what the contract says.

Every answer that any test gets through `tests.houses` passes here.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

import httpx
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"
NAME = "urn:agegate:contract"
ANYWHERE = {404: "path-unknown", 405: "method-not-allowed"}
METHODS = {"get", "put", "post", "delete"}
Node: TypeAlias = dict[str, "Node"]
Schema: TypeAlias = bool | Mapping[str, object]


@cache
def contract() -> Node:
    """The whole document."""
    document: Node = yaml.safe_load(CONTRACT.read_text("utf-8"))
    return document


@cache
def registry() -> Registry[Schema]:
    """The document, to be referred to by `NAME`."""
    empty: Registry[Schema] = Registry()
    filled: Registry[Schema] = empty.with_resource(NAME, DRAFT202012.create_resource(contract()))
    return filled


def operations() -> set[tuple[str, str]]:
    """Every operation of the contract as (method, path)."""
    return {(method, path) for path, item in contract()["paths"].items() for method in item if method in METHODS}


def resolve(node: Node) -> Node:
    """The node itself, or the one it refers to."""
    while "$ref" in node:
        place, node = str(node["$ref"]), contract()
        for step in place.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/")]
    return node


def template_of(path: str) -> str | None:
    """The path of the contract that serves this address; a literal one goes before a template."""
    fitting = [known for known in contract()["paths"] if _pattern(known).fullmatch(path)]
    return min(fitting, key=lambda known: known.count("{"), default=None)


def faults_of(schema: Node, value: object) -> list[str]:
    """Where a value differs from a schema of the contract."""
    # References inside are relative to the document, so the schema is asked for as a part of it.
    check = Draft202012Validator(
        {"allOf": [_absolute(schema)]}, registry=registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{fault.json_path}: {fault.message}" for fault in check.iter_errors(value)]


def keep(answer: httpx.Response) -> None:
    """Fails when an answer is none that the contract promises."""
    method, path = answer.request.method.lower(), answer.request.url.path
    template, status = template_of(path), answer.status_code
    if template is None or (method not in contract()["paths"][template] and method != "head"):
        assert str(answer.json()["type"]).rpartition("/")[2] == ANYWHERE[status]
        return
    operation = contract()["paths"][template]["get" if method == "head" else method]
    assert str(status) in operation["responses"], f"{method} {template} may not answer {status}"
    media = resolve(operation["responses"][str(status)]).get("content", {})
    sent = answer.headers.get("content-type", "").partition(";")[0]
    assert sent in media or not (media or answer.content), f"{method} {template} {status} is not {sent}"
    if method != "head" and sent in media and "json" in sent:
        assert faults_of(media[sent]["schema"], answer.json()) == []
    elif method != "head" and sent in media:
        assert faults_of(media[sent]["schema"], answer.text) == []


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z]+\\\}", "[^/]+", re.escape(path)))


def _absolute(node: object) -> object:
    if isinstance(node, dict):
        return {name: f"{NAME}{value}" if name == "$ref" else _absolute(value) for name, value in node.items()}
    return [_absolute(part) for part in node] if isinstance(node, list) else node
