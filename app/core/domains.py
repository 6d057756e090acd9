"""Names of hosts, in the one form that the name servers know."""

from __future__ import annotations

import idna


def ascii_domain(name: str) -> str | None:
    """A host name in ASCII by IDNA 2008, as mail is delivered and browsers go; None where it is none.

    Python's own codec follows the older standard, under which names of different people fall together: it takes ß for
    ss.

    >>> ascii_domain("MÜNCHEN.de"), ascii_domain("heßen.de"), ascii_domain("Hessen.de"), ascii_domain("☃ b.org")
    ('xn--mnchen-3ya.de', 'xn--heen-wna.de', 'hessen.de', None)
    """
    plain = name.strip().rstrip(".")
    if plain.isascii():
        return plain.lower() or None
    try:
        return idna.encode(plain, uts46=True).decode()
    except UnicodeError:
        return None
