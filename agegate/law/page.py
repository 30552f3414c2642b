"""A TOML file that remembers where its lines are, since the parser of the standard library does not.

Owns finding the line of a key, and the list of faults while a file is read; what a file must say is the
readers' business. Where a text of many lines imitates a header the line may be off, the fault is right.
"""

import re
import tomllib
from pathlib import Path

from agegate.law.bad_file import BadFile, FileFault

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class Page:
    """One file while it is read."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.faults: list[FileFault] = []
        self._lines: list[str] = []
        self.values: dict[str, object] = {}
        try:
            text = path.read_bytes().decode("utf-8")
            self._lines = text.splitlines()
            self.values = tomllib.loads(text)
        except OSError as missing:
            self.refuse(1, f"cannot be read: {missing.strerror}. Check the path and the permissions")
        except UnicodeDecodeError:
            self.refuse(1, "is not UTF-8. Save it as UTF-8")
        except tomllib.TOMLDecodeError as broken:
            self._refuse_syntax(str(broken))
        self.require_no_faults()

    def refuse(self, line: int, reason: str) -> None:
        """Note a fault and read on, so that one report shows them all."""
        self.faults.append(FileFault(self.name, line, reason))

    def require_no_faults(self) -> None:
        """Stop here if anything was wrong."""
        if self.faults:
            raise BadFile(tuple(sorted(self.faults, key=lambda fault: fault.line)))

    def line_of(self, header: str, nth: int, key: str | None = None) -> int:
        """The line of a key in the nth block of that header (counted from 0), or of the block itself.

        The part before the first header is the block with the empty name.
        """
        start = self._start_of(header, nth)
        if key is None:
            return start or 1
        named = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        for number, line in enumerate(self._lines[start:], start + 1):
            if _HEADER.fullmatch(line):
                break
            if named.match(line):
                return number
        return self._start_of(f"{header}.{key}" if header else key, 0) or start or 1

    def _start_of(self, header: str, nth: int) -> int:
        if not header:
            return 0
        found = (
            number
            for number, line in enumerate(self._lines, 1)
            if (match := _HEADER.fullmatch(line)) and match[1].replace('"', "") == header
        )
        for _ in range(nth):
            next(found, None)
        return next(found, 0)

    def _refuse_syntax(self, message: str) -> None:
        at = _AT_LINE.search(message)
        line = int(at[1]) if at else max(1, len(self._lines))
        words = _AT_LINE.sub("", message).strip().removesuffix("(at end of document)").strip()
        self.refuse(line, f"is not TOML: {words}. Country codes and dates of versions need quotes")
