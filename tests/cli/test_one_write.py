"""The server's answers: head and body leave together, and everything leaves before the connection ends."""

import asyncio

from agegate.cli.one_write import Joined


class Wire(asyncio.Transport):
    """Keeps what is given to it, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.pieces.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


async def written(*turns: list[bytes], close: bool = False) -> Wire:
    """What leaves when those pieces are written, turn by turn."""
    wire = Wire()
    joined = Joined(wire, asyncio.get_running_loop())
    for pieces in turns:
        for piece in pieces:
            joined.write(piece)
        if close:
            joined.close()
        await asyncio.sleep(0)
    return wire


def test_what_is_written_in_one_turn_leaves_as_one_piece() -> None:
    assert asyncio.run(written([b"head", b"body"], [b"next"])).pieces == [b"headbody", b"next"]


def test_what_waits_leaves_before_the_connection_ends() -> None:
    wire = asyncio.run(written([b"head", b"body"], close=True))
    assert (wire.pieces, wire.closed) == ([b"headbody"], True)


def test_nothing_is_written_to_a_connection_that_is_closing() -> None:
    async def late() -> Wire:
        wire = Wire()
        joined = Joined(wire, asyncio.get_running_loop())
        joined.write(b"head")
        wire.closed = True
        await asyncio.sleep(0)
        return wire

    assert asyncio.run(late()).pieces == []


def test_everything_else_is_asked_of_the_connection_itself() -> None:
    async def asked() -> object:
        return Joined(Wire(), asyncio.get_running_loop()).closed

    assert asyncio.run(asked()) is False
