"""The agenda: one item per kind and row, claimed under a lease, recorded only while it holds."""

from datetime import UTC, datetime, timedelta

import pytest

from agegate.store import agenda
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.transaction import Transaction

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def put(store: Store, kind: str, ref: str, minutes: float = 0) -> None:
    """One piece of work, due so many minutes from now."""
    at = NOW + timedelta(minutes=minutes)
    store.write_now(lambda tx: agenda.put(tx, f"{kind}-{ref}-{minutes}", kind, ref, at))


def claim(store: Store, seconds: float = 0, most: int = 10) -> list[AgendaItem]:
    """What is claimed so many seconds from now."""
    return store.write_now(lambda tx: agenda.claim(tx, most, NOW + timedelta(seconds=seconds)))


def test_what_is_due_is_claimed_longest_due_first(store: Store) -> None:
    for ref, minutes in (("b", -1), ("c", 0), ("a", -5), ("later", 1)):
        put(store, "kind", ref, minutes)
    assert [item.ref for item in claim(store)] == ["a", "b", "c"]


def test_no_more_is_claimed_than_asked_for(store: Store) -> None:
    for ref in ("a", "b", "c"):
        put(store, "kind", ref)
    assert [len(claim(store, most=2)) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize(("first", "second"), [(5, 1), (1, 5), (1, 1)])
def test_the_same_work_twice_is_one_item_due_at_the_earlier_time(store: Store, first: float, second: float) -> None:
    put(store, "kind", "a", first)
    put(store, "kind", "a", second)
    items = claim(store, seconds=600)
    assert [item.due_at for item in items] == [NOW + timedelta(minutes=1)]


def test_what_is_put_again_while_it_is_acted_on_is_done_again(store: Store) -> None:
    put(store, "kind", "a")
    item = claim(store)[0]
    put(store, "kind", "a", 5)
    assert store.write_now(lambda tx: agenda.finish(tx, [item])) == set()
    assert [each.ref for each in claim(store)] == ["a"]


def test_work_that_is_hastened_stays_with_who_acts_on_it(store: Store) -> None:
    put(store, "kind", "a")
    item = claim(store)[0]
    store.write_now(lambda tx: agenda.hasten(tx, "kind", "a", NOW - timedelta(minutes=5)))
    assert store.write_now(lambda tx: agenda.finish(tx, [item])) == {item}


def test_only_later_work_is_hastened(store: Store) -> None:
    for ref, minutes in (("early", 1), ("late", 9)):
        put(store, "kind", ref, minutes)
        store.write_now(lambda tx, about=ref: agenda.hasten(tx, "kind", about, NOW + timedelta(minutes=5)))  # type: ignore[misc]
    due = {item.ref: (item.due_at - NOW) // timedelta(minutes=1) for item in claim(store, seconds=3600)}
    assert due == {"early": 1, "late": 5}


def test_the_same_work_twice_in_one_transaction_is_one_item(store: Store) -> None:
    def twice(tx: Transaction) -> None:
        agenda.put(tx, "row-1", "kind", "a", NOW)
        agenda.put(tx, "row-2", "kind", "a", NOW)

    store.write_now(twice)
    assert len(claim(store)) == 1


def test_other_work_for_the_same_row_is_another_item(store: Store) -> None:
    put(store, "mail", "a")
    put(store, "expiry", "a")
    assert sorted(item.kind for item in claim(store)) == ["expiry", "mail"]


@pytest.mark.parametrize(("seconds", "claimed"), [(0, 0), (59, 0), (60, 1)])
def test_an_item_is_free_again_after_its_lease(store: Store, seconds: float, claimed: int) -> None:
    put(store, "kind", "a")
    claim(store)
    assert len(claim(store, seconds)) == claimed


def test_attempts_are_counted_by_claims(store: Store) -> None:
    put(store, "kind", "a")
    assert [claim(store, seconds)[0].attempts for seconds in (0, 60, 120)] == [1, 2, 3]


def test_a_finished_item_is_gone(store: Store) -> None:
    put(store, "kind", "a")
    item = claim(store)[0]
    assert store.write_now(lambda tx: agenda.finish(tx, [item]))
    assert claim(store, 3600) == []


def test_a_postponed_item_comes_back_at_its_time(store: Store) -> None:
    put(store, "kind", "a")
    item = claim(store)[0]
    later = NOW + timedelta(seconds=30)
    assert store.write_now(lambda tx: agenda.postpone(tx, item, later, "code"))
    assert [len(claim(store, seconds)) for seconds in (29, 30)] == [0, 1]


def test_who_lost_the_lease_can_neither_finish_nor_postpone(store: Store) -> None:
    put(store, "kind", "a")
    late = claim(store)[0]
    mine = claim(store, 60)[0]
    assert not store.write_now(lambda tx: agenda.finish(tx, [late]))
    assert not store.write_now(lambda tx: agenda.postpone(tx, late, NOW, None))
    assert store.write_now(lambda tx: agenda.finish(tx, [mine]))


def test_what_is_dropped_can_no_longer_be_finished(store: Store) -> None:
    put(store, "kind", "a")
    put(store, "other", "a")
    item = claim(store, most=1)[0]
    assert store.write_now(lambda tx: agenda.drop(tx, ["a"])) == 2
    assert not store.write_now(lambda tx: agenda.finish(tx, [item]))


def test_only_what_is_due_and_free_counts_as_waiting(store: Store) -> None:
    for ref, minutes in (("a", 0), ("b", 0), ("later", 1)):
        put(store, "kind", ref, minutes)
    seen = []
    for _ in range(2):
        claim(store, most=1)
        seen.append(store.read_now(lambda tx: agenda.is_due(tx, NOW)))
    assert seen == [True, False]
