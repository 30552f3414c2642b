"""Small servers on loopback that behave as each test wants, and count who came."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Canary:
    """A server that remembers its connections and the requests in them."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


def answering(status: int, *headers: str, body: bytes = b"") -> Callable[[Canary], Talk]:
    """Reads the request, answers once."""

    def of(canary: Canary) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            canary.requests.append(await read_request(reader))
            lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
            writer.write("\r\n".join(lines).encode() + body)
            await writer.drain()

        return talk

    return of


def dripping(*chunks: bytes, pause: float = 0.05) -> Callable[[Canary], Talk]:
    """Sends the chunks, then the last one again and again until the other side leaves."""

    def of(canary: Canary) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            canary.requests.append(await read_request(reader))
            for chunk in chunks:
                writer.write(chunk)
                await writer.drain()
            while not writer.is_closing():
                await asyncio.sleep(pause)
                writer.write(chunks[-1] if chunks else b"")
                await writer.drain()

        return talk

    return of


@asynccontextmanager
async def serving(
    behaviour: Callable[[Canary], Talk] | None = None,
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Canary]:
    canary = Canary()
    talk = (behaviour or answering(200))(canary)
    talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def talked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            await talk(reader, writer)
            writer.close()
            await writer.wait_closed()

    def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        canary.connections += 1
        talks[asyncio.ensure_future(talked(reader, writer))] = writer

    server = await asyncio.start_server(met, host, canary.port, ssl=tls)
    canary.port = server.sockets[0].getsockname()[1]
    try:
        yield canary
    finally:
        server.close()
        for writer in talks.values():
            writer.transport.abort()
        await asyncio.gather(*talks)


def resolving(*answers: Sequence[str]) -> "Resolving":
    return Resolving(list(answers))


@dataclass
class Resolving:
    """A resolver that gives one answer after the other, the last one for ever."""

    answers: list[Sequence[str]]
    asked: int = 0

    async def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]
