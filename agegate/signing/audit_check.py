"""The check of a whole audit log, offline: any edit, removal, insertion or reordering is found.

Reads an export line by line (see `spelled`): its newest checkpoint first, then entries and checkpoints in order. With
an anchor, kept elsewhere, a log that was cut short or written anew is found too. Fetches nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from agegate.signing.audit_chain import GENESIS, MEMBERS, fingerprint, linked, spelled
from agegate.signing.strict_jws import JsonValue, Reason, TokenRefused, read_object, take_apart
from agegate.signing.verify import Claims

Signed = Callable[[str], Claims]
"""The claims of a checkpoint; raises TokenRefused where its signature or its claims do not hold."""

LONGEST = 4096
REVOKED = "signing_key.revoked"


class Broken(Exception):
    """The log is not what was signed; the text says where and how."""


@dataclass(slots=True)
class AuditCheck:
    """Fed with the lines of one log; `finish` says that nothing is wrong with it, or raises Broken like every line."""

    signed: Signed
    anchored: Iterator[str] = field(default_factory=lambda: iter(()))
    entries: int = 0
    checkpoints: int = 0
    head: str = GENESIS
    signed_at: int = 0
    _line: int = 0
    _claimed_head: str = ""
    _previous: str = ""
    _signed_up_to: int = 0
    _by_unknown_keys: set[str] = field(default_factory=set)
    _revoked: set[str] = field(default_factory=set)

    def take(self, line: bytes) -> None:
        """One more line, without its line end."""
        self._line += 1
        match self._read(line):
            case {"head": str(jws)} if self._line == 1:
                self._claimed_head = jws
            case {"entry": dict(body), "hash": str(found)} if self._line > 1:
                self._entry(body, found)
            case {"checkpoint": str(jws)} if self._line > 1:
                self._checkpoint(jws)
            case _:
                raise self._broken("is neither an entry nor a checkpoint, or stands in the wrong place")

    def finish(self) -> None:
        """After the last line."""
        if self.checkpoints == 0:
            raise Broken("The log is empty, or holds no checkpoint: nothing in it is signed.")
        if self._signed_up_to != self.entries:
            raise Broken(f"No checkpoint signs the entries after {self._signed_up_to}.")
        if self._previous != self._claimed_head:
            raise Broken("The log ends before the checkpoint that it begins with: it was cut short.")
        try:
            self.signed(self._previous)
        except TokenRefused as refusal:
            raise Broken(f"The newest checkpoint does not hold ({refusal.reason}).") from None
        if unknown := sorted(self._by_unknown_keys - self._revoked):
            raise Broken(f"Checkpoints are signed by keys that are not ours: {', '.join(unknown)}.")
        if next(self.anchored, None) is not None:
            raise Broken("The log ends before the newest checkpoint of the anchor: it was cut short, or an older copy.")

    def _read(self, line: bytes) -> Mapping[str, JsonValue]:
        try:
            read = orjson.loads(line)
            if isinstance(read, dict) and spelled(read) == line:
                return read
        except (ValueError, RecursionError):
            pass
        raise self._broken("is not written as the export writes it")

    def _entry(self, body: dict[str, JsonValue], found: str) -> None:
        if set(body) != set(MEMBERS) or body["seq"] != self.entries + 1:
            raise self._broken(f"should be entry {self.entries + 1}: entries are missing, added or in another order")
        self.entries += 1
        self.head = linked(self.head, body)
        if found != self.head:
            raise self._broken(f"entry {self.entries} or one before it was changed")
        if body["action"] == REVOKED:
            self._revoked.add(str(body["ref"]))

    def _checkpoint(self, jws: str) -> None:
        claims = self._claims(jws)
        expected = {
            "number": self.checkpoints + 1,
            "seq": self.entries,
            "head": self.head,
            "previous": fingerprint(self._previous) if self._previous else GENESIS,
        }
        wrong = [name for name, value in expected.items() if claims.get(name) != value]
        if wrong or self.entries == self._signed_up_to:
            raise self._broken(f"checkpoint {self.checkpoints + 1} does not sign what stands before it")
        self.checkpoints, self._signed_up_to, self._previous = self.checkpoints + 1, self.entries, jws
        self.signed_at = int(str(claims.get("iat", 0)))
        if (kept := next(self.anchored, None)) is not None and kept != jws:
            raise self._broken(f"checkpoint {self.checkpoints} is not the one in the anchor: the log was written anew")

    def _claims(self, jws: str) -> Claims:
        try:
            return self.signed(jws)
        except TokenRefused as refusal:
            if refusal.reason is not Reason.UNKNOWN_KEY:
                raise self._broken(f"the checkpoint does not hold ({refusal.reason})") from None
        # A key that was revoked later is known to the log itself, which the newest checkpoint signs.
        jws_parts = take_apart(jws, longest=LONGEST)
        self._by_unknown_keys.add(jws_parts.header.kid)
        return read_object(jws_parts.payload)

    def _broken(self, words: str) -> Broken:
        return Broken(f"Line {self._line}: {words}.")


def check_log(lines: Iterable[bytes], signed: Signed, anchored: Iterable[str] = ()) -> AuditCheck:
    """Checks a whole log at once. Raises Broken."""
    check = AuditCheck(signed, iter(anchored))
    for line in lines:
        check.take(line)
    check.finish()
    return check
