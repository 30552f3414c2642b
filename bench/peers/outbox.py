"""The plain outbox: a table, a conditional claim with SKIP LOCKED and a lease, one POST, one UPDATE. PostgreSQL.

What a careful team writes for due work: no fencing, no schedule, no judged addresses, the same receiver.
"""

import asyncio
import sys

import httpx
import psycopg

CLAIM = """
UPDATE outbox SET leased_until = now() + interval '60 s', attempts = attempts + 1 WHERE id IN
(SELECT id FROM outbox WHERE NOT done AND (leased_until IS NULL OR leased_until < now())
 ORDER BY id LIMIT 32 FOR UPDATE SKIP LOCKED) RETURNING id, url, body
"""


async def work(address: str) -> None:
    """Until nothing is left."""
    async with await psycopg.AsyncConnection.connect(address) as db, httpx.AsyncClient() as http:
        finished = asyncio.Lock()

        async def act(row: tuple[int, str, str]) -> None:
            number, url, body = row
            await http.post(url, content=body, headers={"webhook-id": f"plain-{number}"})
            async with finished:
                await db.execute("UPDATE outbox SET done = true WHERE id = %s", [number])
                await db.commit()

        while True:
            rows = await (await db.execute(CLAIM)).fetchall()
            await db.commit()
            if not rows:
                return
            await asyncio.gather(*(act(row) for row in rows))


def prepare(address: str, url: str, count: int) -> None:
    """The table and its rows."""
    with psycopg.connect(address) as db:
        db.execute(
            "CREATE TABLE outbox (id bigserial PRIMARY KEY, url text, body text, leased_until timestamptz,"
            " attempts int DEFAULT 0, done bool DEFAULT false)"
        )
        db.execute(
            'INSERT INTO outbox (url, body) SELECT %s, \'{"type":"consent.granted"}\' FROM generate_series(1, %s)',
            [url, count],
        )


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
