"""No caller learns from an answer what is known of a guardian's address: over real HTTP, a few of each kind."""

from pathlib import Path

import pytest

from tests.consents.telling import KINDS, PATH, Told, address, ask, chances, measure, shape_of
from tests.houses import Hands
from tests.tokens.live import Live, listening

ROUNDS = 24
FAR = 0.32
"""Four standard deviations of the chance between two kinds that are alike, with so few of each."""


def test_neither_bytes_nor_time_tell_what_is_known_of_an_address(tmp_path: Path, database_url: str) -> None:
    with listening(tmp_path / "data", database_url, Hands()) as live:
        told = measure(live, ROUNDS)
        later = shapes_later(live)
    assert len(set[tuple[object, ...]]().union(*(each.shapes for each in told.values()))) == 1
    assert {status for each in told.values() for status, *_ in each.shapes} == {202}
    assert {pair: found for pair, found in chances(told).items() if abs(found - 0.5) > FAR} == {}
    assert [len(each) for each in later] == [1, 1, 1]


def shapes_later(live: Live) -> list[set[tuple[object, ...]]]:
    """Asking again, looking, and having it mailed again, once the worker has sent what may be sent."""
    again, look, resend = set(), set(), set()
    live.home.work()
    for kind in KINDS:
        subject = f"{kind}-00000"
        found = ask(live, subject, address(kind, 0))
        path = f"{PATH.format(subject)}/{found.json()['id']}"
        again.add(shape_of(found))
        look.add(shape_of(live.client.get(path)))
        resend.add(shape_of(live.client.post(f"{path}/mails")))
    return [again, look, resend]


@pytest.mark.parametrize(("slower", "seen"), [(0, False), (400, True)])
def test_a_difference_in_time_would_be_seen(slower: int, seen: bool) -> None:
    spent = [1_000 + 50 * (each % 9) for each in range(ROUNDS)]
    told = {kind: Told([each + (slower if kind == "silent" else 0) for each in spent]) for kind in KINDS}
    assert any(abs(found - 0.5) > FAR for found in chances(told).values()) is seen
