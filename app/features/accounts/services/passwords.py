"""Hashing passwords with Argon2id."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 256
# Stands where nobody can sign in by password; no password has this hash.
NO_PASSWORD = "!"  # noqa: S105 - the absence of one


def compose(password: str) -> str:
    """The same letters typed on another keyboard give the same password (NFKC, as NIST SP 800-63B advises)."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Hashes and checks passwords at the cost the operator chose."""

    def __init__(self, time_cost: int, memory_kib: int) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(compose(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` is the one stored; takes about as long when nothing is stored at all."""
        if len(password) > LONGEST:
            return False
        try:
            return self._hasher.verify(stored or self._nobodys, compose(password)) and stored is not None
        except InvalidHashError:
            return self.verify(None, password)
        except Argon2Error:
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)
