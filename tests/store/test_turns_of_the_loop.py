"""What an event loop hands in during one turn goes into one batch."""

import asyncio

from agegate.store.store import Store
from agegate.store.transaction import Transaction


def nothing(tx: Transaction) -> None:
    """A unit that does nothing."""
    del tx


def test_units_of_one_turn_share_a_batch(store: Store) -> None:
    writer, _ = store.lines

    async def turns() -> None:
        for _ in range(20):
            await asyncio.gather(*(store.write(nothing) for _ in range(10)))

    asyncio.run(turns())
    store.close()  # a batch is counted after its units were told
    assert (sum(writer.batches.spread[:-1]), writer.batches.spread[-1]) == (20, 200)


def test_a_caller_that_blocks_is_served_while_the_loop_is_busy(store: Store) -> None:
    async def busy() -> None:
        waiting = asyncio.ensure_future(store.write(nothing))
        await asyncio.sleep(0)
        store.write_now(nothing)  # the bell for the first rings only after this turn
        await waiting

    asyncio.run(asyncio.wait_for(busy(), 10))
