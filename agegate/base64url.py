"""base64url without padding (RFC 7515 section 2): how ids, digests and the parts of a token are written.

Owns writing. Reading strictly is `signing/strict_jws.py`'s business.
"""

from binascii import b2a_base64

_OWN_LETTERS = bytes.maketrans(b"+/", b"-_")


def base64url(octets: bytes) -> bytes:
    """The octets as ASCII letters."""
    return b2a_base64(octets, newline=False).translate(_OWN_LETTERS, b"=")


def base64url_text(octets: bytes) -> str:
    """The same as text."""
    return base64url(octets).decode("ascii")
