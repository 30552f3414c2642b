"""Runs the Wycheproof JWS and ECDSA vectors of a folder against the strict verify, and prints counts.

`make vectors VECTORS=FOLDER`. Every vector goes to `verify` as it stands, which takes only our own headers and must
refuse them all; and to the same parts with the vector's header allowed, which must take exactly the valid ES256 ones.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from agegate.base64url import base64url
from agegate.signing.public_keys import PublicKeys, thumbprint
from agegate.signing.strict_jws import ALGORITHM, SIGNATURE_SIZE, TokenRefused, decode, read_object, split
from agegate.signing.verify import Kind, verify

Vector: TypeAlias = dict[str, "str | int | list[str]"]
Jwk: TypeAlias = dict[str, "str | list[str]"]
JWS_FILES = ("json_web_signature_test.json", "json_web_crypto_test.json")
ECDSA_FILE = "ecdsa_secp256r1_sha256_p1363_test.json"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST = 1 << 20


def as_ours(jwk: Jwk) -> PublicKeys:
    """The vector's key by our own rules for keys, but under the name that we would give it."""
    public = {name: value for name, value in jwk.items() if name != "d"}
    x, y = public.get("x"), public.get("y")
    kid = thumbprint(x, y) if isinstance(x, str) and isinstance(y, str) else ""
    return PublicKeys.from_jwks({"keys": [public | {"kid": kid}]})


def passes_as_it_stands(jwk: Jwk, text: object) -> bool:
    """Whether the strict verify takes it."""
    try:
        for kind in Kind:
            verify(text, as_ours(jwk), kind=kind, issuer="joe", audience=None, now=NOW, accept_test=True)
    except TokenRefused:
        return False
    return True


def passes_by_its_parts(jwk: Jwk, text: object) -> bool:
    """Whether syntax, algorithm, key and signature hold, with the header's own members allowed: `alg` and `kid`."""
    try:
        header, signed, _, signature = split(text, longest=LONGEST)
        members = read_object(decode(header))
    except TokenRefused:
        return False
    named = {"alg": ALGORITHM, "kid": jwk.get("kid")}
    keys = list(as_ours(jwk).by_kid.values())
    return members == named and bool(keys) and bool(keys[0].verify(signed, signature))


def jws_vectors(folder: Path) -> Iterator[tuple[Jwk, Vector]]:
    """Every signature vector with its key; the encrypted ones of the same files are no business of ours."""
    for name in JWS_FILES:
        for group in json.loads((folder / name).read_text("utf-8"))["testGroups"]:
            for vector in group["tests"]:
                if "jws" in vector:
                    yield group.get("public") or group["private"], vector


def run_jws(folder: Path, counts: Counter[str]) -> None:
    """Counts what passed that must not, and what did not that must."""
    for jwk, vector in jws_vectors(folder):
        counts["jws vectors"] += 1
        is_es256 = jwk.get("kty") == "EC" and jwk.get("crv") == "P-256"
        ours = vector["result"] == "valid" and is_es256
        counts["jws valid ES256"] += ours
        counts["jws invalid"] += vector["result"] == "invalid"
        counts["BAD passed as it stands"] += passes_as_it_stands(jwk, vector["jws"])
        counts["BAD jws"] += passes_by_its_parts(jwk, vector["jws"]) != ours


def run_ecdsa(folder: Path, counts: Counter[str]) -> None:
    """The same for bare signatures: r and s as 64 octets, nothing else."""
    for group in json.loads((folder / ECDSA_FILE).read_text("utf-8"))["testGroups"]:
        points = (int(group["publicKey"][name], 16).to_bytes(32, "big") for name in ("wx", "wy"))
        x, y = (base64url(point).decode("ascii") for point in points)
        jwk: Jwk = {"kty": "EC", "crv": "P-256", "use": "sig", "alg": ALGORITHM, "x": x, "y": y}
        key = next(iter(as_ours(jwk).by_kid.values()))
        for vector in group["tests"]:
            signature = bytes.fromhex(vector["sig"])
            taken = len(signature) == SIGNATURE_SIZE and bool(key.verify(bytes.fromhex(vector["msg"]), signature))
            counts[f"ecdsa {vector['result']}"] += 1
            counts["BAD ecdsa"] += taken != (vector["result"] == "valid")


def main(given: str) -> int:
    """Exit code 0 when everything came out as the vectors say, 1 when not, 2 without the vectors."""
    folder = Path(given) / "wycheproof"
    missing = [name for name in (*JWS_FILES, ECDSA_FILE) if not (folder / name).is_file()]
    if not given or missing:
        words = f"No vectors in {folder}: make vectors VECTORS=FOLDER, with the folder wycheproof/ in it."
        print(words, file=sys.stderr)  # noqa: T201 - a command's words
        return 2
    counts: Counter[str] = Counter()
    run_jws(folder, counts)
    run_ecdsa(folder, counts)
    for name, count in counts.items():
        print(f"{count:6} {name}")  # noqa: T201 - the counts are what this program is for
    return int(any(count for name, count in counts.items() if name.startswith("BAD")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
