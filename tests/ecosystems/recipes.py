"""The recipes of docs/verify-tokens.md, taken from the page and pointed at a live server."""

import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verify-tokens.md"
NODE_FOLDER = Path(__file__).resolve().parent
Check = Callable[[str], bool]
RUNNER = """
import { createInterface } from 'node:readline'
import { verify } from './recipe.mjs'
for await (const token of createInterface({ input: process.stdin })) {
  try { await verify(token); console.log('good') } catch { console.log('refused') }
}
"""


def recipe(name: str, language: str, issuer: str) -> str:
    """The code under a heading, with the live issuer, test evidence accepted, and no pause between fetches."""
    section = PAGE.read_text("utf-8").partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None, f"no recipe for {name}"
    code = found[1].replace("https://age.example", issuer)
    code = code.replace('"https://chat.example", False', '"https://chat.example", True').replace("True, 10", "True, 0")
    return (
        code.replace("acceptTest = false", "acceptTest = true")
        .replace("10_000", "0")
        .replace("cooldown_duration=10", "cooldown_duration=0")
    )


def python_recipe(name: str, issuer: str) -> Check:
    """The recipe's verdict on a token."""
    made: dict[str, object] = {}
    import_module("authlib.deprecate")  # sets a filter of its own, which has to come before ours
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Authlib announces the end of a module
        exec(compile(recipe(name, "python", issuer), name, "exec"), made)  # noqa: S102 - the page's own code
    verify = made["verify"]
    assert callable(verify)

    def check(token: str) -> bool:
        try:
            verify(token)
        except Exception:  # noqa: BLE001 - each library has its own family of refusals
            return False
        return True

    return check


def node_is_ready() -> bool:
    """Whether Node is here and `make ecosystems` installed the package."""
    return shutil.which("node") is not None and (NODE_FOLDER / "node_modules" / "jose").is_dir()


@contextmanager
def node_recipe(folder: Path, issuer: str) -> Iterator[Check]:
    """The verdict of one Node process that stays up, as a service would."""
    (folder / "node_modules").symlink_to(NODE_FOLDER / "node_modules")
    (folder / "recipe.mjs").write_text(recipe("jose (Node, Deno, Bun, browsers)", "js", issuer))
    (folder / "run.mjs").write_text(RUNNER)
    node = str(shutil.which("node"))
    with subprocess.Popen(
        [node, "run.mjs"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        asks, answers = run.stdin, run.stdout

        def check(token: str) -> bool:
            asks.write(token + "\n")
            asks.flush()
            return answers.readline() == "good\n"

        yield check
        asks.close()
