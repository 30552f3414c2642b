"""Mail servers on loopback: aiosmtpd with TLS and refusals, and one that records every byte.

Owns no expectations.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass
class Letterbox:
    """An aiosmtpd handler that keeps what it accepts and answers as told."""

    at_rcpt: str = "250 OK"
    at_data: str = "250 OK"
    recipients: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    under_tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if isinstance(envelope.content, bytes):
            self.contents.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self.under_tls.append(session.ssl is not None)
        return self.at_data


@asynccontextmanager
async def listening(factory: Callable[[], asyncio.Protocol], tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(factory, HOST, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def aiosmtpd_server(
    box: Letterbox,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    password: str | None = None,
) -> AsyncIterator[int]:
    def signed_in(_server: SMTP, _session: Session, _envelope: Envelope, _method: str, login: object) -> AuthResult:
        right = isinstance(login, LoginPassword) and login.password == (password or "").encode()
        return AuthResult(success=right, handled=False)

    def session() -> SMTP:
        return SMTP(
            box,
            hostname="mx.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=signed_in,
            auth_required=password is not None,
        )

    async with listening(session, tls) as port:
        yield port


@dataclass
class Recorder:
    """A server of our own that keeps the raw bytes: each command, and each text up to CRLF.CRLF only."""

    extensions: tuple[str, ...] = ("8BITMIME", "SIZE 10000000")
    greeting: bytes | None = b"220 mx.example\r\n"
    reset_after_data: bool = False
    commands: list[bytes] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.greeting is not None:
            writer.write(self.greeting)
        while line := await reader.readline():
            self.commands.append(line)
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self.texts.append(await reader.readuntil(b"\r\n.\r\n"))
                if self.reset_after_data:
                    writer.transport.abort()
                    return
            writer.write(self._reply(verb))
            if verb == b"QUIT":
                return

    def _reply(self, verb: bytes) -> bytes:
        if verb == b"EHLO":
            lines = ("mx.example", *self.extensions)
            return "".join(f"250{' ' if line is lines[-1] else '-'}{line}\r\n" for line in lines).encode()
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self.talk, HOST, 0, limit=1 << 20)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()


@dataclass(frozen=True)
class Certified:
    """A server's TLS side and the client side that trusts its self-made certificate."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def self_made_certificate(folder: Path) -> Certified:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx.example")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "mx.pem"
    path.write_bytes(private + public)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Certified(server, ssl.create_default_context(cadata=public.decode()))
