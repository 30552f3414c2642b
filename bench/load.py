"""The load: a process of its own that keeps a number of connections busy and measures every answer.

Owns requests, counting and percentiles. Which server it meets, and how often, is `bench/run.py`'s business.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import uvloop

END_OF_HEAD = b"\r\n\r\n"


@dataclass(slots=True)
class Tally:
    """What came back: latencies in seconds, and how many answers had which status."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


async def connection(number: int, plan: dict[str, str], until: float, tally: Tally) -> None:
    """One keep-alive connection that always has one request under way."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(plan["port"]))
    count = 0
    while time.monotonic() < until:
        count += 1
        writer.write(request(plan, f"{plan['prefix']}-{number}-{count}"))
        began = time.perf_counter()
        status = await answer(reader)
        tally.latencies.append(time.perf_counter() - began)
        tally.statuses[status] = tally.statuses.get(status, 0) + 1
    writer.close()


def request(plan: dict[str, str], subject: str) -> bytes:
    """The bytes of one request; `{subject}` in path and body is a name never used before."""
    body = plan["body"].replace("{subject}", subject).encode()
    head = (
        f"{plan['method']} {plan['path'].replace('{subject}', subject)} HTTP/1.1\r\nHost: 127.0.0.1:{plan['port']}\r\n"
        f"Authorization: Bearer {plan['key']}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def answer(reader: asyncio.StreamReader) -> str:
    """Reads one answer to its end and returns its status."""
    head = await reader.readuntil(END_OF_HEAD)
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    await reader.readexactly(length)
    return head[9:12].decode()


async def run(plan: dict[str, str]) -> dict[str, object]:
    """All connections for the given time; rates and percentiles of what came."""
    tally, seconds = Tally(), float(plan["seconds"])
    began = time.monotonic()
    await asyncio.gather(
        *(connection(number, plan, began + seconds, tally) for number in range(int(plan["connections"])))
    )
    took = time.monotonic() - began
    ordered = sorted(tally.latencies)
    return {
        "rate": len(ordered) / took,
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
        "statuses": tally.statuses,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.loads(sys.argv[1])))))
