"""The size and the wording of the source, checked so that nobody has to remember them."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

from agegate.rules.errors import AgeGateError
from tests.layers.test_layers import ROOT, modules

LONGEST_FILE, MEDIAN_FILE, LONGEST_FUNCTION = 250, 110, 35
EMPTY_WORDS = re.compile(r"(^|_)(utils?|helpers?|common|managers?|services?|misc|data|handlers?)$")
SILENCED = re.compile(r"#\s*type:\s*ignore(?!\[[a-z, -]+\]\s+# \S)|#\s*noqa(?!: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S)")


def sources() -> list[Path]:
    """Every source file but the migrations, which are scripts of steps."""
    return [path for path in modules() if "migrations" not in path.parts]


def lines(path: Path) -> int:
    """How long a file is."""
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_room_and_no_longer(path: Path) -> None:
    assert lines(path) <= LONGEST_FILE


def test_most_files_are_short() -> None:
    assert median(lines(path) for path in sources() if path.stat().st_size) <= MEDIAN_FILE


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_stay_short(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: node.end_lineno - node.lineno for node in functions if node.end_lineno is not None}
    assert {name: length for name, length in long.items() if length >= LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_in_a_few_lines_what_it_owns(path: Path) -> None:
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text), clean=False)
    assert not text or (docstring is not None and len(docstring.splitlines()) <= 6)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_check_is_silenced_without_a_reason_and_nothing_is_any(path: Path) -> None:
    text = path.read_text("utf-8")
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert SILENCED.findall(text) == []
    assert "Any" not in names


def test_no_name_says_nothing() -> None:
    classes = [
        node.name for path in sources() for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]  # fmt: skip
    empty = [path.stem for path in sources() if EMPTY_WORDS.search(path.stem)]
    assert empty + [name for name in classes if re.search(r"(Manager|Helper|Util|Handler|Service)s?$", name)] == [
        "Service"
    ]


def test_every_refusal_has_a_sentence() -> None:
    def family(error: type[AgeGateError]) -> list[type[AgeGateError]]:
        return [error, *(kin for child in error.__subclasses__() for kin in family(child))]

    assert [
        error.__name__
        for error in family(AgeGateError)
        if not str(error.__doc__).strip().endswith((".", "…", "FILE", "PROFILE", "URL"))
    ] == []
