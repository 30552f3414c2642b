"""A downstream service needs none of what the server needs."""

import subprocess
import sys

BLOCKED = """
import sys

class Blocker:
    blocked = {"sqlmodel", "sqlalchemy", "pydantic", "pydantic_settings", "starlette", "alembic", "orjson",
    "jinja2"}

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.blocked:
            raise ImportError("blocked: " + name)

sys.meta_path.insert(0, Blocker())
import agegate.verifier

print(*sorted(name for name in sys.modules if name.startswith("agegate.")))
"""
ALLOWED = ("agegate.verifier", "agegate.signing", "agegate.clock", "agegate.base64url")


def test_the_verifier_loads_only_the_signing_room_and_what_that_stands_on() -> None:
    command = [sys.executable, "-c", BLOCKED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if not name.startswith(ALLOWED)] == []
