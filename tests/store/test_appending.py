"""Rows appended many at once: what the columns say holds for each of them, on both databases."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from agegate.store.agenda import AGENDA
from agegate.store.registry_tables import ServiceRow
from agegate.store.status_entries import AUDIENCES
from agegate.store.store import Store
from agegate.store.tables import AgendaRow
from agegate.store.token_tables import AudienceRow
from agegate.store.transaction import Transaction
from tests.houses import START, Home

ITEM: dict[str, object] = {"kind": "k", "due_at": START, "leased_until": None, "attempts": 0, "last_error": None}
MANY = 250


def put(store: Store, odd: dict[str, object], many: int = MANY) -> list[dict[str, object]]:
    """Writes rows of which one is another; returns them as they are in the database."""

    def unit(tx: Transaction) -> list[dict[str, object]]:
        for number in range(many):
            more = odd if number == many // 2 else {}
            tx.append(AgendaRow, {**ITEM, "id": f"{number:04}", "ref": f"r{number}", **more})
        return [dict(row) for row in tx.rows(AGENDA.select().order_by(AGENDA.c.id))]

    return store.write_now(unit)


@pytest.mark.parametrize("many", [1, MANY])
def test_every_row_arrives_as_it_was(store: Store, many: int) -> None:
    text = "tab\t line\n back\\slash \"quoted\" 'once' \\N ñ 🙂"
    found = put(store, {"ref": text, "attempts": 7, "lane": "l"}, many)
    assert len(found) == many
    odd = found[many // 2]
    assert (odd["ref"], odd["attempts"], odd["due_at"], odd["leased_until"], odd["lane"]) == (text, 7, START, None, "l")


@pytest.mark.parametrize("many", [1, MANY])
def test_an_instant_of_another_zone_is_the_same_instant(store: Store, many: int) -> None:
    found = put(store, {"due_at": START.astimezone(timezone(timedelta(hours=9)))}, many)
    assert {row["due_at"] for row in found} == {START}


@pytest.mark.parametrize("many", [1, MANY])
def test_an_instant_without_a_zone_is_refused(store: Store, many: int) -> None:
    with pytest.raises((ValueError, StatementError), match="naive"):
        put(store, {"due_at": datetime(2026, 11, 22)}, many)  # noqa: DTZ001 - a naive one is the point


@pytest.mark.parametrize("many", [1, MANY])
def test_a_row_that_is_there_already_takes_the_others_with_it(store: Store, many: int) -> None:
    put(store, {}, 1)
    with pytest.raises(IntegrityError):
        put(store, {"ref": "r0"}, many)
    assert len(store.read_now(lambda tx: tx.rows(AGENDA.select()))) == 1


@pytest.mark.parametrize("many", [1, MANY])
def test_a_text_that_is_too_long_is_refused_and_not_cut(postgres_home: Home, many: int) -> None:
    with pytest.raises(DataError):
        put(postgres_home.house.store, {"ref": "x" * 129}, many)


@pytest.mark.parametrize("many", [1, MANY])
def test_rows_that_name_others_of_the_same_batch_are_written_with_them(store: Store, many: int) -> None:
    def unit(tx: Transaction) -> int:
        for number in range(many):
            of = {"id": f"{number:04}", "service": "s", "created_at": START}
            tx.append(AudienceRow, of | {"name": f"a{number}", "over": [13], "pairwise": False})
        tx.append(ServiceRow, {"name": "s", "profile": "p", "created_at": START})
        return len(tx.rows(AUDIENCES.select()))

    assert store.write_now(unit) == many
