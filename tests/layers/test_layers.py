"""Who may import whom, and which library lives in which room. Read from the source with `ast`, nothing is imported."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEAVES = frozenset(
    {"base64url", "clock", "entropy", "environment", "settings", "provider_settings", "rules", "notifications"}
)
BELOW_STORE = LEAVES | {"law", "signing", "notices"}

MAY_IMPORT: dict[str, frozenset[str]] = {
    "rules": frozenset(),
    "clock": frozenset(),
    "base64url": frozenset(),
    "entropy": frozenset({"base64url"}),
    "environment": frozenset(),
    "settings": frozenset({"environment", "provider_settings"}),
    "provider_settings": frozenset(),
    "notifications": frozenset(),
    "law": LEAVES,
    "signing": LEAVES,
    "notices": LEAVES,
    "store": BELOW_STORE,
    "remote": BELOW_STORE,
    "flows": BELOW_STORE | {"store"},
    "telemetry": BELOW_STORE | {"store"},
    "worker": BELOW_STORE | {"store", "flows", "remote", "telemetry"},
    "web": BELOW_STORE | {"store", "flows", "remote", "telemetry"},
    "verifier": frozenset({"signing", "clock"}),
    "records_office": BELOW_STORE | {"store", "flows", "worker", "web", "house"},
    "guardian_door": BELOW_STORE | {"store", "flows", "remote", "web", "house"},
    "report_door": BELOW_STORE | {"store", "flows", "web", "house"},
    "signup_desk": BELOW_STORE | {"store", "flows", "house"},
    "house": BELOW_STORE | {"store", "flows"},
    "purge_door": BELOW_STORE | {"store", "flows", "remote", "worker", "web", "house"},
    "app": BELOW_STORE
    | {"store", "flows", "remote", "telemetry", "worker", "web", "house", "guardian_door", "records_office"}
    | {"report_door", "purge_door", "signup_desk"},
    "sweeping": BELOW_STORE | {"store", "flows", "web"},
    "cli": BELOW_STORE
    | {"store", "flows", "remote", "telemetry", "worker", "web", "sweeping", "house", "app"}
    | {"records_office", "report_door", "signup_desk", "verifier", "demo"},
    "demo": frozenset({"clock", "signing", "verifier"}),
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}
"""For each room of agegate (and for notifications): the rooms it may import beside itself."""

LIVES_IN: dict[str, frozenset[str]] = {
    "jose": frozenset({"signing"}),
    "joserfc": frozenset({"remote"}),
    "authlib": frozenset({"remote"}),
    "aiosmtplib": frozenset({"notifications"}),
    "httpcore": frozenset({"remote"}),
    "babel": frozenset({"notifications"}),
    "standardwebhooks": frozenset({"remote", "verifier"}),
    "sqlmodel": frozenset({"store"}),
    "sqlalchemy": frozenset({"store"}),
    "alembic": frozenset({"store"}),
    "starlette": frozenset({"web", "verifier", "app", "guardian_door", "report_door", "purge_door", "cli", "demo"}),
    "email_validator": frozenset({"web"}),
    "disposable_email_domains": frozenset({"law"}),
    "typer": frozenset({"cli"}),
    "prometheus_client": frozenset({"telemetry"}),
    "structlog": frozenset({"telemetry"}),
    "opentelemetry": frozenset({"telemetry"}),
}
"""Libraries that only these rooms may know."""

HTTPX_FILES = {"agegate/verifier/fetching.py", "notifications/transports/http.py"}


def modules() -> list[Path]:
    """Every source file of both packages."""
    return sorted(path for package in ("agegate", "notifications") for path in (ROOT / package).rglob("*.py"))


def room_of(path: Path) -> str:
    """The room a file stands in."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] if parts[0] == "notifications" else parts[1]


def imported(path: Path) -> Iterator[str]:
    """Every absolute module name a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def rooms_imported(path: Path) -> set[str]:
    """The rooms a file imports."""
    names = [name.split(".") for name in imported(path)]
    inner = {parts[1] for parts in names if parts[0] == "agegate" and len(parts) > 1}
    return inner | ({"notifications"} if any(parts[0] == "notifications" for parts in names) else set())


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_rooms_below_its_own(path: Path) -> None:
    room = room_of(path)
    assert rooms_imported(path) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_is_known_only_in_its_own_rooms(path: Path) -> None:
    used = {name.split(".")[0] for name in imported(path)} & set(LIVES_IN)
    assert [library for library in used if room_of(path) not in LIVES_IN[library]] == []


def test_httpx_is_known_to_two_files_and_the_demo() -> None:
    found = {str(path.relative_to(ROOT)) for path in modules() if "httpx" in {n.split(".")[0] for n in imported(path)}}
    assert {name for name in found if not name.startswith("agegate/demo/")} == HTTPX_FILES


def test_the_rules_know_nothing_but_the_standard_library() -> None:
    names = {name.split(".")[0] for path in modules() if room_of(path) == "rules" for name in imported(path)}
    assert names - sys.stdlib_module_names == {"agegate"}


def test_the_verifier_imports_one_module_of_signing() -> None:
    names = {name for path in modules() if room_of(path) == "verifier" for name in imported(path)}
    assert {name for name in names if name.startswith("agegate.signing")} == {"agegate.signing.verify"}


@pytest.mark.parametrize(
    ("word", "home"),
    [("datetime.now", "agegate/clock.py"), ("secrets.", "agegate/entropy.py"), ("time.time(", None)],
)
def test_there_is_one_wall_clock_and_one_randomness(word: str, home: str | None) -> None:
    found = {str(path.relative_to(ROOT)) for path in modules() if word in path.read_text("utf-8")}
    assert {name for name in found if not name.startswith("agegate/demo/")} == ({home} if home else set())
