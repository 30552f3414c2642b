"""The long run: many tamperings with one log, each of which must be found. Run by `make tampering`."""

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.audit.logs import anchored, exported, is_found, lived, tampered
from tests.houses import furnished


def run(times: int, seed: int) -> int:
    """Prints what was tried and what was found; the number of tamperings that were not."""
    with TemporaryDirectory() as folder:
        for home in furnished(Path(folder), f"sqlite:///{folder}/database.sqlite3"):
            lived(home)
            lines, anchor = exported(home), anchored(home)
            tried, found = Counter[str](), Counter[str]()
            for name, changed in tampered(lines, times, seed):
                tried[name] += 1
                found[name] += is_found(home, changed, anchor)
    for name, count in sorted(tried.items()):
        sys.stdout.write(f"{name:16} tried {count:6} found {found[name]:6}\n")
    sys.stdout.write(f"{'all':16} tried {tried.total():6} found {found.total():6}, seed {seed}\n")
    return tried.total() - found.total()


if __name__ == "__main__":
    sys.exit(1 if run(int(sys.argv[1]), 20261122) else 0)
