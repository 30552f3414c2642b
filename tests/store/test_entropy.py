"""Random bytes fetched ahead: none is handed out twice, in no thread and no process."""

import os
from concurrent.futures import ThreadPoolExecutor

from agegate.entropy import AHEAD_BYTES, system_entropy


def pieces(count: int, size: int = 16) -> list[bytes]:
    return [system_entropy(size) for _ in range(count)]


def test_no_piece_comes_twice_in_one_thread() -> None:
    drawn = pieces(5 * AHEAD_BYTES // 16)
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
    assert [len(system_entropy(size)) for size in (0, 1, 10, 12, 16, 17, 32, 5000)] == [0, 1, 10, 12, 16, 17, 32, 5000]
