"""A log of a few lives, its export, and the ways in which somebody could tamper with it."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from random import Random

from agegate.cli.audit_source import log_lines
from agegate.records_office import sealing
from agegate.signing.audit_chain import linked, spelled
from agegate.signing.audit_check import AuditCheck, Broken, check_log
from agegate.signing.keys import SigningKey
from agegate.signing.public_keys import PublicKeys
from agegate.signing.signer import Signer
from agegate.signing.strict_jws import read_object, take_apart
from agegate.signing.verify import Kind, verify
from agegate.store.anchor import Anchor
from tests.houses import ISSUER, Home
from tests.journeys.people import answer, ask_guardian, sign_up

Lines = list[bytes]


def lived(home: Home) -> None:
    """Several lives, sealed in several batches, so that there are several checkpoints."""
    for number in range(3):
        sign_up(home, f"adult-{number}", "1990-05-04")
        sign_up(home, f"blocked-{number}", "2020-05-04", service="scan")
        seal(home)
        home.clock.move(minutes=1)
    sign_up(home, "alex", "2010-05-04")
    ask_guardian(home, "alex")
    home.work()
    seal(home)
    answer(home, "decline")
    home.work()
    seal(home)


def seal(home: Home) -> None:
    """What the worker does once a minute."""
    asyncio.run(sealing(home.house)(home.clock()))


def exported(home: Home) -> Lines:
    """The whole log."""
    return list(log_lines(home.house))


def anchored(home: Home) -> list[str]:
    """The checkpoints beside the database."""
    return list(Anchor(home.house.settings.ledger_folder).lines())


def checked(home: Home, lines: Lines, anchor: list[str] | None = None) -> AuditCheck:
    """The check of an export with the keys of the house; Broken when something is wrong."""
    keys = PublicKeys.from_jwks(home.house.store.read_now(home.house.keys.read).archive_at(home.clock()))
    signed = partial(
        verify,
        keys=keys,
        kind=Kind.AUDIT_CHECKPOINT,
        issuer=ISSUER,
        audience=None,
        now=home.clock(),
        accept_test=True,
    )
    return check_log(lines, signed, anchor or ())


def is_found(home: Home, lines: Lines, anchor: list[str]) -> bool:
    """Whether the check says that something is wrong."""
    try:
        checked(home, lines, anchor)
    except Broken:
        return True
    return False


def edit(lines: Lines, dice: Random) -> Lines:
    """One byte of one line is another one."""
    at = dice.randrange(len(lines))
    line = bytearray(lines[at])
    line[dice.randrange(len(line))] ^= 1 << dice.randrange(7)
    return [*lines[:at], bytes(line), *lines[at + 1 :]]


def reword(lines: Lines, dice: Random) -> Lines:
    """One member of one entry says something else, and every hash after it is made to fit."""
    at = dice.choice(_entries(lines))
    changed = json.loads(lines[at])
    member = dice.choice(("at", "action", "actor", "service", "ref", "commitment"))
    changed["entry"][member] = f"{dice.random()}"
    return _rehashed([*lines[:at], spelled(changed), *lines[at + 1 :]])


def remove(lines: Lines, dice: Random) -> Lines:
    """One line less."""
    at = dice.randrange(len(lines))
    return [*lines[:at], *lines[at + 1 :]]


def remove_well(lines: Lines, dice: Random) -> Lines:
    """One entry less, all others renumbered and hashed anew."""
    at = dice.choice(_entries(lines))
    return _rehashed([*lines[:at], *lines[at + 1 :]])


def swap(lines: Lines, dice: Random) -> Lines:
    """Two different lines change places."""
    one, other = dice.sample(range(len(lines)), 2)
    changed = list(lines)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def swap_well(lines: Lines, dice: Random) -> Lines:
    """Two entries change places, all renumbered and hashed anew."""
    one, other = dice.sample(_entries(lines), 2)
    changed = list(lines)
    changed[one], changed[other] = changed[other], changed[one]
    return _rehashed(changed)


def truncate(lines: Lines, dice: Random) -> Lines:
    """The end is gone."""
    return lines[: dice.randrange(1, len(lines))]


def truncate_well(lines: Lines, dice: Random) -> Lines:
    """An older export, whole in itself: only an anchor betrays it."""
    ends = [at for at, line in enumerate(lines) if b'"checkpoint"' in line[:14]][:-1]
    end = dice.choice(ends)
    return [spelled({"head": json.loads(lines[end])["checkpoint"]}), *lines[1 : end + 1]]


def splice(lines: Lines, dice: Random) -> Lines:
    """A stretch stands somewhere else again."""
    begin = dice.randrange(1, len(lines))
    end = dice.randrange(begin, len(lines)) + 1
    at = dice.randrange(1, len(lines) + 1)
    return [*lines[:at], *lines[begin:end], *lines[at:]]


def invent(lines: Lines, dice: Random) -> Lines:
    """An entry more, hashed well."""
    at = dice.choice(_entries(lines))
    invented = json.loads(lines[at])
    invented["entry"]["id"] = f"{dice.random()}"
    return _rehashed([*lines[:at], spelled(invented), *lines[at:]])


def forge(lines: Lines, dice: Random) -> Lines:
    """One entry reworded, everything hashed anew, and every checkpoint signed anew, by a key of the forger's own."""
    return _signed_anew(reword(lines, dice))


def forge_same_kid(lines: Lines, dice: Random) -> Lines:
    """The same, with our kid in the header."""
    return _signed_anew(reword(lines, dice), keep_kid=True)


TAMPERINGS: list[Callable[[Lines, Random], Lines]] = [
    edit,
    reword,
    remove,
    remove_well,
    swap,
    swap_well,
    truncate,
    truncate_well,
    splice,
    invent,
    forge,
    forge_same_kid,
]


def tampered(lines: Lines, times: int, seed: int) -> list[tuple[str, Lines]]:
    """That many logs which differ from the true one, each with what was done to it."""
    dice, made = Random(seed), list[tuple[str, Lines]]()  # noqa: S311 - a repeatable choice of tamperings
    while len(made) < times:
        tampering = TAMPERINGS[len(made) % len(TAMPERINGS)]
        changed = tampering(lines, dice)
        if changed != lines:
            made.append((tampering.__name__, changed))
    return made


def _entries(lines: Lines) -> list[int]:
    return [at for at, line in enumerate(lines) if line.startswith(b'{"entry"')]


def _rehashed(lines: Lines) -> Lines:
    head, changed = "0" * 64, list(lines)
    for seq, at in enumerate(_entries(lines), 1):
        entry = json.loads(lines[at])
        entry["entry"]["seq"] = seq
        entry["hash"] = head = linked(head, entry["entry"])
        changed[at] = spelled(entry)
    return changed


def _signed_anew(lines: Lines, *, keep_kid: bool = False) -> Lines:
    forger, changed = Signer(SigningKey.generate(), ISSUER, "test"), list(lines)
    head, seq, previous = "", 0, ""
    for at, line in enumerate(lines):
        read = json.loads(line)
        if "entry" in read:
            head, seq = read["hash"], read["entry"]["seq"]
        elif "checkpoint" in read:
            previous = _resigned(read["checkpoint"], forger, head, seq, previous, keep_kid=keep_kid)
            changed[at] = spelled({"checkpoint": previous})
    changed[0] = spelled({"head": previous})
    return changed


def _resigned(jws: str, forger: Signer, head: str, seq: int, previous: str, *, keep_kid: bool) -> str:
    from agegate.signing.audit_chain import GENESIS, fingerprint

    claims = read_object(take_apart(jws, longest=4096).payload)
    claims |= {"head": head, "seq": seq, "previous": fingerprint(previous) if previous else GENESIS}
    made = forger.sign(Kind.AUDIT_CHECKPOINT, claims)
    return ".".join([jws.split(".", maxsplit=1)[0], *made.split(".")[1:]]) if keep_kid else made
