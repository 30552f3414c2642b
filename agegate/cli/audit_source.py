"""Where an audit log is read from: our database or an exported file, with the keys and the anchor that judge it."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agegate.cli.door import house, refuse
from agegate.cli.progress import counted

if TYPE_CHECKING:
    from agegate.house import House
    from agegate.signing.audit_check import AuditCheck
    from agegate.signing.public_keys import PublicKeys
    from agegate.signing.verify import Claims


def seal_now(opened: "House") -> None:
    """Seals what waits, and anchors it, as the worker does once a minute."""
    import asyncio

    from agegate.records_office import sealing

    asyncio.run(sealing(opened)(opened.clock()))


def log_lines(opened: "House") -> Iterator[bytes]:
    """The log of our database, line by line."""
    from agegate.flows.export_audit import ExportAudit

    export = opened.store.read_now(ExportAudit.begin)
    if export is None:
        return
    yield export.opening
    reached = 0
    while reached < export.head.seq:
        lines, reached = opened.store.read_now(partial(export.page, after=reached))
        yield from lines


def file_check(file: Path, keys: Path, issuer: str, anchor: Path | None, *, accept_test: bool) -> "AuditCheck":
    """Checks an export with what is given and nothing else."""
    from agegate.clock import utc_now

    return _checked(_lines_of(file), _keys_of(keys), issuer, utc_now(), anchor, accept_test=accept_test)


def database_check(
    file: Path | None, keys: Path | None, issuer: str | None, anchor: Path | None, *, accept_test: bool
) -> "AuditCheck":
    """Checks the log of our database, or an export, with our own keys and anchor where none are given."""
    from agegate.environment import Environment
    from agegate.signing.public_keys import PublicKeys
    from agegate.store.anchor import FILE_NAME

    with house() as opened:
        if file is None:
            seal_now(opened)
        now, chosen = opened.clock(), opened.settings
        trusted = (
            _keys_of(keys) if keys else PublicKeys.from_jwks(opened.store.read_now(opened.keys.read).archive_at(now))
        )
        ours = chosen.ledger_folder / FILE_NAME
        kept = anchor or (ours if file is None and ours.exists() else None)
        lines = log_lines(opened) if file is None else _lines_of(file)
        in_test = accept_test or chosen.environment is Environment.TEST
        return _checked(lines, trusted, issuer or chosen.public_issuer, now, kept, accept_test=in_test)


def _checked(
    lines: Iterator[bytes],
    keys: "PublicKeys",
    issuer: str,
    now: datetime,
    anchor: Path | None,
    *,
    accept_test: bool,
) -> "AuditCheck":
    from agegate.signing.audit_check import check_log
    from agegate.store.anchor import Anchor

    kept = iter(()) if anchor is None else Anchor(anchor.parent, anchor.name).lines()
    return check_log(counted(lines, "lines checked"), _signed(keys, issuer, now, accept_test=accept_test), kept)


def _signed(keys: "PublicKeys", issuer: str, now: datetime, *, accept_test: bool) -> Callable[[str], "Claims"]:
    from agegate.signing.verify import Kind, verify

    kind = Kind.AUDIT_CHECKPOINT
    return partial(verify, keys=keys, kind=kind, issuer=issuer, audience=None, now=now, accept_test=accept_test)


def _lines_of(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            for line in lines:
                yield line.removesuffix(b"\n")
    except OSError as fault:
        refuse(f"{file} cannot be read ({fault.strerror}). Give the path of an export.")


def _keys_of(path: Path) -> "PublicKeys":
    from agegate.signing.public_keys import PublicKeys
    from agegate.signing.verify import TokenRefused

    try:
        return PublicKeys.from_jwks(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TokenRefused) as fault:
        refuse(f"{path} is no key set ({type(fault).__name__}). Save /.well-known/jwks-archive.json to it.")
