"""Handles: the names of profiles in addresses and commands."""

from __future__ import annotations

import re
import secrets
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.profiles.models import Profile

MAX_LENGTH = 60
# Words that stand in addresses where a handle could, and names nobody should seem to be.
RESERVED = frozenset(("new", "mine", "join", "verify", "edit", "admin", "operator", "moderator", "commonweave"))
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})


def latin_handle(name: str) -> str:
    """A name as a handle, empty where it is not written in Latin letters.

    >>> latin_handle("Zoë Łukasz O'Neill"), latin_handle("李明"), latin_handle("Δρ. Anna Νίκου")
    ('zoe-lukasz-o-neill', '', '')
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    if any(c.isalpha() and not c.isascii() for c in plain):
        return ""
    words = re.findall(r"[a-z0-9]+", plain)
    handle = "-".join(words)[:MAX_LENGTH].strip("-")
    return handle if re.search(r"[a-z]{2}", handle) else ""


def _taken(session: Session, handle: str) -> bool:
    return handle in RESERVED or session.scalar(select(Profile.id).where(Profile.handle == handle)) is not None


def neutral_handle(session: Session, kind: str) -> str:
    """A handle that says nothing but the kind, such as ``person-4f2a9c``."""
    while _taken(session, handle := f"{kind}-{secrets.token_hex(3)}"):
        pass
    return handle


def new_handle(session: Session, name: str, kind: str) -> str:
    """A free handle made from ``name``; a neutral one where the name has no Latin letters."""
    wanted = latin_handle(name)
    if not wanted:
        return neutral_handle(session, kind)
    if not _taken(session, wanted):
        return wanted
    for number in range(2, 100):
        if not _taken(session, numbered := f"{wanted}-{number}"):
            return numbered
    return f"{wanted}-{secrets.token_hex(3)}"
