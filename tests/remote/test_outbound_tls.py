"""The pin keeps the name: certificate and `Host` go by the name, not by the connected address."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from agegate.remote.outbound import Outbound, RemoteUnreachable
from tests.remote.loopback import dripping, resolving, serving

HOST = "hook.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for `hook.example`, with its key."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hook.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + built.public_bytes(Encoding.PEM))
    return path


class Named:
    """A TLS server context that remembers the names it was asked for."""

    def __init__(self, certificate: Path) -> None:
        self.names: list[str | None] = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.context.sni_callback = self._asked

    def _asked(self, _socket: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self.names.append(name)


def trusting(certificate: Path | None, port: int) -> Outbound:
    return Outbound(
        allow_loopback=True,
        resolve=resolving(["127.0.0.1"]),
        ports=frozenset({port}),
        total=timedelta(seconds=3),
        tls=lambda: ssl.create_default_context(cafile=certificate),
    )


def test_name_and_host_are_kept_on_a_pinned_connection(certificate: Path) -> None:
    server = Named(certificate)

    async def scene() -> tuple[int, bytes, int]:
        async with serving(tls=server.context) as canary:
            answer = await trusting(certificate, canary.port).post(f"https://{HOST}:{canary.port}/", b"", {})
            return answer.status, canary.requests[0], canary.port

    status, request, port = asyncio.run(scene())
    assert (status, server.names) == (200, [HOST])
    assert f"Host: {HOST}:{port}".encode() in request.split(b"\r\n")


@pytest.mark.parametrize(("host", "trusted"), [("other.example", True), (HOST, False)])
def test_a_certificate_for_another_name_or_of_nobody_is_refused(certificate: Path, host: str, trusted: bool) -> None:
    async def scene() -> tuple[str, list[bytes]]:
        async with serving(tls=Named(certificate).context) as canary:
            client = trusting(certificate if trusted else None, canary.port)
            with pytest.raises(RemoteUnreachable) as caught:
                await client.post(f"https://{host}:{canary.port}/", b"", {})
            return caught.value.code, canary.requests

    assert asyncio.run(scene()) == ("tls_failed", [])


def test_a_handshake_that_hangs_is_cut_by_the_total_limit() -> None:
    async def scene() -> str:
        async with serving(dripping()) as canary:
            client = Outbound(
                allow_loopback=True,
                resolve=resolving(["127.0.0.1"]),
                ports=frozenset({canary.port}),
                total=timedelta(seconds=0.3),
            )
            with pytest.raises(RemoteUnreachable) as caught:
                await client.post(f"https://{HOST}:{canary.port}/", b"", {})
            return caught.value.code

    assert asyncio.run(scene()) == "timeout"
