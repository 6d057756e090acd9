"""Secret tokens that go out by mail or to a program; only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A fresh secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. The token has full entropy, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
