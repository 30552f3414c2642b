"""Random bytes fetched ahead: none is handed out twice, in no thread and no process."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from operator import mul

from hypothesis import given
from hypothesis import strategies as st

from agegate.entropy import LONGEST_AHEAD, PIECES_AHEAD, Ahead, born_at, new_id, system_entropy


def pieces(count: int, size: int = 16) -> list[bytes]:
    return [system_entropy(size) for _ in range(count)]


def test_no_piece_comes_twice_in_one_thread() -> None:
    drawn = pieces(5 * PIECES_AHEAD)
    assert len(set(drawn)) == len(drawn)


def test_no_piece_comes_twice_in_several_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = [piece for some in pool.map(pieces, [500] * 8) for piece in some]
    assert len(set(drawn)) == len(drawn)


def test_a_forked_process_draws_other_bytes() -> None:
    system_entropy(1)
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, b"".join(pieces(20)))
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reading, 20 * 16)
    os.close(reading)
    os.close(writing)
    assert told != b"".join(pieces(20))


def test_every_piece_has_its_length() -> None:
    assert [len(system_entropy(size)) for size in (0, 1, 12, 16, 31, 32, 33, 5000)] == [0, 1, 12, 16, 31, 32, 33, 5000]


def test_of_what_was_handed_out_no_copy_stays_behind() -> None:
    ahead = Ahead()
    keys = [ahead.take(LONGEST_AHEAD) for _ in range(PIECES_AHEAD + 1)]
    assert (len(ahead.pieces), set(keys) & set(ahead.pieces)) == (PIECES_AHEAD - 1, set())


@given(st.floats(946_684_800, 7_258_118_400), st.binary(min_size=16))
def test_an_id_tells_its_second_in_twenty_six_letters(seconds: float, drawn: bytes) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    made = new_id(lambda size: drawn[:size], now)
    assert (len(made), born_at(made)) == (26, now.replace(microsecond=0))


def test_ids_of_one_instant_differ_by_eighty_random_bits() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    letters = {new_id(partial(mul, each), now)[10:] for each in map(bytes, ([n] for n in range(256)))}
    assert (len(letters), {len(each) for each in letters}) == (32, {16})
