"""The judgement stands alone: importing it brings in the standard library and nothing else."""

import subprocess
import sys

PROBE = """
import sys
before = set(sys.modules)
import agegate.rules.decision, agegate.rules.signal_sources
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(roots - set(sys.stdlib_module_names)))
rooms = {name.split(".")[1] for name in sys.modules if name.startswith("agegate.")}
print(*sorted(rooms))
"""


def test_the_judgement_needs_only_the_standard_library() -> None:
    probe = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert probe.stdout.splitlines() == ["agegate", "rules"]
