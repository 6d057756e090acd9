"""Short signed words for mails: reply addresses and links that need no sign-in. Nothing is kept of them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

SIGNATURE = 10  # bytes: 80 bits, so that a word fits into the part of a mail address before the @


def _mac(secret: str, purpose: str, body: bytes) -> bytes:
    # A key of its own for each purpose, so that a word made for one is worth nothing for another.
    key = hmac.new(secret.encode(), f"commonweave:{purpose}".encode(), hashlib.sha256).digest()
    return hmac.new(key, body, hashlib.sha256).digest()[:SIGNATURE]


def sign(secret: str, purpose: str, body: bytes) -> str:
    """A word of lower-case letters and digits that holds ``body`` and proves that we wrote it."""
    return base64.b32encode(body + _mac(secret, purpose, body)).decode().rstrip("=").lower()


def unsign(secret: str, purpose: str, word: str) -> bytes | None:
    """What a word holds; None for one that we did not write, for this purpose. Capitals are taken for small letters.

    >>> unsign("s", "reply", sign("s", "reply", b"12").upper()), unsign("s", "stop", sign("s", "reply", b"12"))
    (b'12', None)
    """
    try:
        plain = base64.b32decode(word.upper() + "=" * (-len(word) % 8))
    except (binascii.Error, ValueError):
        return None
    body, signature = plain[:-SIGNATURE], plain[-SIGNATURE:]
    return body if hmac.compare_digest(signature, _mac(secret, purpose, body)) else None
