"""How a connection to PostgreSQL is opened: what an address means, how long anything may take, which host is asked.

Owns the parameters that every connection starts with. An operator's own words in the address win over ours. The driver
is loaded only where it is used: on SQLite it would be a tenth of the memory.
"""

from dataclasses import dataclass
from typing import Final

SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
Parameters = dict[str, str | int]

DEFAULTS: Parameters = {
    "application_name": "agegate",
    "target_session_attrs": "read-write",  # of several hosts, the one that takes writes: after a failover another
    "connect_timeout": 3,
    "keepalives_idle": 5,  # a host that went silent is noticed in some ten seconds, not in two hours
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class NoAddress(ValueError):
    """The text is no address of a PostgreSQL database."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds the server lets a connection take; 0 is for ever."""

    statement: float = 5
    lock: float = 2
    idle_in_transaction: float = 10

    def as_options(self) -> str:
        """The same as start options, so that they hold from the first statement on and cost no round trip."""
        shown = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle_in_transaction,
        }
        return " ".join(f"-c {name}={round(seconds * 1000)}" for name, seconds in shown.items())


SERVING = Limits()
MIGRATING = Limits(statement=3600, lock=2, idle_in_transaction=60)
"""A step may rewrite a large table, but never lets others queue behind a lock that it waits for."""


def is_postgresql(address: str) -> bool:
    """Whether the address is one of PostgreSQL's."""
    return address.startswith(SCHEMES)


def parameters_of(address: str, limits: Limits) -> Parameters:
    """What the driver is called with. Raises NoAddress; its text never repeats the address."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    _, _, rest = address.partition("://")
    try:
        given = {name: value for name, value in conninfo_to_dict(f"postgresql://{rest}").items() if value is not None}
    except ProgrammingError:
        raise NoAddress from None
    options = f"{limits.as_options()} {given.pop('options', '')}".strip()
    return {**DEFAULTS, **given, "options": options}


ADVICE: Final = (
    ("resolve", "The host of AGEGATE_DATABASE_URL has no address: check its name."),
    ("too many", "It has no connection left: each serving process and each worker needs two. Raise max_connections."),
    ("remaining connection slots", "It has no connection left: raise max_connections, or run fewer processes."),
    ("password", "It does not take the user and the password of AGEGATE_DATABASE_URL."),
    ("pg_hba.conf", "Its pg_hba.conf lets this user in from here by no way that was tried."),
    ("role", "It knows no such user as AGEGATE_DATABASE_URL names."),
    ("database", "It has no such database as AGEGATE_DATABASE_URL names. Create it first."),
    ("read-only", "No host of AGEGATE_DATABASE_URL takes writes: name the primary, or promote a standby."),
    ("ssl", "TLS did not come about: check sslmode and sslrootcert in AGEGATE_DATABASE_URL."),
    ("certificate", "TLS did not come about: check sslmode and sslrootcert in AGEGATE_DATABASE_URL."),
)
"""A word of the driver's or the server's message, and what to do; the first one that is found. The message itself may
name hosts and users and is never repeated."""


def advice_on(message: str) -> str:
    """What to do about a connection that did not come about."""
    # What follows the last host's own word; before it stands the address, in which any of the words may occur.
    said = message.rpartition("failed: ")[2].lower()
    known = (advice for word, advice in ADVICE if word in said)
    return next(known, "Check AGEGATE_DATABASE_URL and that the server runs.")
