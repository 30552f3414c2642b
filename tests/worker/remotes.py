"""The worker against servers on loopback that behave as each test wants."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from agegate.app import worker
from notifications.transports import open_transport
from tests.houses import Home
from tests.notifications.smtp_servers import Letterbox, aiosmtpd_server
from tests.remote.loopback import Canary, Talk, read_request


def mail_through(home: Home, box: Letterbox) -> None:
    """Lets the worker do what is due, with a real mail server that answers as the box says."""

    async def scene() -> None:
        async with aiosmtpd_server(box) as port:
            transport = open_transport(f"smtp://127.0.0.1:{port}?tls=none", home.house.settings.mail_from)
            await worker(replace(home.house, transport=transport)).until_idle()
            await transport.aclose()

    asyncio.run(scene())


def answering_in_turn(statuses: Iterable[int]) -> Callable[[Canary], Talk]:
    """A server that answers with one status after the other."""
    left = iter(statuses)

    def of(canary: Canary) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            canary.requests.append(await read_request(reader))
            writer.write(f"HTTP/1.1 {next(left)} X\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()

        return talk

    return of


def parts(request: bytes) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a request as it came over the wire."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return body, {name.lower(): value for name, _, value in lines}
