"""What a fault of the database means for whoever waits: it is gone for now, it may pass, or it is our own mistake.

Owns the reading of SQLSTATEs (PostgreSQL, appendix A). What is done about it is the writer's and the reader's business.
"""

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

GONE = ("08", "53", "57", "58", "25006")
"""Connection lost, resources, operator's intervention, system error; and a server that takes no writes any more."""

TIMED_OUT = {"57014", "55P03"}
"""A statement, or its wait for a lock, took longer than its limit; it would again, and others wait behind it."""

NOT_ALLOWED = "42501"
"""The role that is logged in must not do that."""


def is_gone(fault: Exception) -> bool:
    """Whether the database cannot answer now: callers are told to come back, and nothing was decided."""
    if not isinstance(fault, DBAPIError):
        return False
    return fault.connection_invalidated or isinstance(fault, OperationalError) or sqlstate(fault).startswith(GONE)


def is_disconnect(fault: Exception) -> bool:
    """Whether the connection itself was lost, so that another one may do."""
    if not isinstance(fault, DBAPIError):
        return False
    return fault.connection_invalidated or sqlstate(fault) == "25006"


def is_not_allowed(fault: Exception) -> bool:
    """Whether the role that is logged in must not do it, now or later."""
    return isinstance(fault, DBAPIError) and sqlstate(fault) == NOT_ALLOWED


def may_pass(fault: Exception) -> bool:
    """Whether the same unit can succeed if it is run again: another was first, two met in a deadlock, a host left."""
    if isinstance(fault, IntegrityError) or is_disconnect(fault):
        return True
    return isinstance(fault, OperationalError) and sqlstate(fault) not in TIMED_OUT


def sqlstate(fault: DBAPIError) -> str:
    """PostgreSQL's code for what happened; empty on SQLite."""
    return str(getattr(fault.orig, "sqlstate", None) or "")
