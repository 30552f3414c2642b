"""A file of accounts as lines of text, a block at a time: what cannot be text or is far too long is named, not kept.

Owns bytes, line ends and encodings, and the digest of what went by. What a line says is `sheets.py`'s business.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

CHUNK = 1 << 16
LONGEST = 8192
"""Characters. Ten columns of accounts need a few hundred; more is no account."""

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines. `bad` names by place those that are none, whose text is left empty."""

    first: int
    """The number of the first line, counted from 1."""

    lines: list[str]
    bad: dict[int, str] = field(default_factory=dict)


class Lines:
    """Reads a stream once, never more than a chunk and a line of it at a time."""

    def __init__(self, stream: BinaryIO, chunk: int = CHUNK) -> None:
        self._stream, self._chunk = stream, chunk
        self._next = 1
        self._digest = sha256()
        self.read = 0
        """Bytes so far."""

    @property
    def digest(self) -> str:
        """SHA-256 of everything read so far."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[Block]:
        tail, cut = b"", False
        while chunk := self._stream.read(self._chunk):
            self._digest.update(chunk)
            text = chunk.removeprefix(BOM) if self.read == 0 else chunk
            self.read += len(chunk)
            whole, ended, tail = (tail + text).rpartition(b"\n")
            if ended:
                yield self._block(whole, cut=cut)
                cut = False
            if len(tail) > 4 * LONGEST:
                cut, tail = True, b""
        if tail or cut:
            yield self._block(tail, cut=cut)

    def _block(self, whole: bytes, *, cut: bool) -> Block:
        """The lines in those bytes; `cut`: what came before the first of them was thrown away."""
        try:
            lines, bad = whole.decode().split("\n"), dict[int, str]()
        except UnicodeDecodeError:
            lines, bad = _one_by_one(whole.split(b"\n"))
        if b"\r" in whole:
            lines = [line.removesuffix("\r") for line in lines]
        if cut:
            lines[0], bad[0] = "", "line_too_long"
        if max(map(len, lines)) > LONGEST:
            for place, line in enumerate(lines):
                if len(line) > LONGEST:
                    lines[place], bad[place] = "", "line_too_long"
        first, self._next = self._next, self._next + len(lines)
        return Block(first, lines, bad)


def _one_by_one(whole: list[bytes]) -> tuple[list[str], dict[int, str]]:
    lines, bad = [], {}
    for place, line in enumerate(whole):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append("")
            bad[place] = "not_utf8"
    return lines, bad
