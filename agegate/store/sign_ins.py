"""The questions about sign-ins that have begun, in the domain's words."""

from datetime import datetime

from sqlalchemy import delete

from agegate.store.sign_in_tables import SignInRow
from agegate.store.transaction import Transaction, Values, table_of

SIGN_INS = table_of(SignInRow)


def begin_sign_in(tx: Transaction, row: Values) -> None:
    """Appends a sign-in; an earlier one of the same request is over."""
    tx.change(delete(SIGN_INS).where(SIGN_INS.c.request_id == row["request_id"]))
    tx.append(SignInRow, row)


def take_sign_in(tx: Transaction, row: str, request: str, browser: str, now: datetime) -> str | None:
    """Takes a sign-in off, once, for the browser and the request it was begun for; says at which provider."""
    wanted = (
        delete(SIGN_INS)
        .where(
            SIGN_INS.c.id == row,
            SIGN_INS.c.request_id == request,
            SIGN_INS.c.browser_digest == browser,
            SIGN_INS.c.expires_at > now,
        )
        .returning(SIGN_INS.c.provider)
    )
    found = tx.rows(wanted)
    return str(found[0]["provider"]) if found else None


def forget_sign_ins(tx: Transaction, now: datetime) -> int:
    """Deletes what nobody came back from."""
    return tx.change(delete(SIGN_INS).where(SIGN_INS.c.expires_at <= now))
