"""One ROR record (schema v2) as what this platform keeps of it, or the reason why it is refused."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.features.vocabularies.queries import is_valid

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
IDENTIFIER = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[0-9a-hjkmnp-tv-z]{6}[0-9]{2})/?", re.IGNORECASE)
STATUSES = ("active", "inactive", "withdrawn")
LONGEST_NAME = 400
# Raise when the mapping below changes, so that known records are taken in anew.
MAPPING = 1

# What ROR calls an organisation, most telling first, and what it is among the stakeholders here.
TYPES = {
    "education": "university",
    "archive": "museum-archive",
    "facility": "research",
    "company": "company",
    "nonprofit": "ngo",
    "government": "other",
    "funder": "foundation",
}
# ROR has one word for all of education and of government; the main name often says more.
BY_NAME = (
    (re.compile(r"\b(high|primary|secondary|elementary|grammar) school\b", re.I), "school"),
    (
        re.compile(r"\b(teachers'? college|college of education|école normale|escuela normal)\b", re.I),
        "teacher-college",
    ),
    (re.compile(r"\b(polytechnic|technical college|community college|vocational)\b", re.I), "vocational"),
    (re.compile(r"\b(library|bibliothèque|biblioteca|bibliothek)\b", re.I), "library"),
    (re.compile(r"\b(ministry|ministère|ministerio|ministério|ministerium|ministero)\b", re.I), "ministry"),
    (re.compile(r"\b(museum|musée|museo|archives?)\b", re.I), "museum-archive"),
)


class Refused(Exception):
    """A record that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class RorName:
    """A name with its language (None where ROR doesn't say) and kind: label, alias or acronym."""

    name: str
    lang: str | None
    kind: str
    main: bool


@dataclass(frozen=True, slots=True)
class RorRecord:
    """What is kept of a record; ``domains`` are those whose mail proves that somebody belongs to it."""

    ror_id: str
    status: str
    names: tuple[RorName, ...]
    type: str
    country: str
    city: str | None
    website: str | None
    domains: tuple[str, ...]

    @property
    def digest(self) -> str:
        """By which an unchanged record is known."""
        return hashlib.sha256(repr((MAPPING, self)).encode()).hexdigest()

    @property
    def main_name(self) -> str:
        """The name ROR shows."""
        return next(name.name for name in self.names if name.main)


def normalise_ror_id(text: str) -> str | None:
    """The nine characters of a ROR identifier however it was written, or None if its check digits are wrong.

    The check is ISO/IEC 7064 MOD 97-10 over the six characters in Crockford's base 32, as ROR describes it.

    >>> normalise_ror_id("https://ror.org/000025p04")
    '000025p04'
    >>> normalise_ror_id("https://ror.org/000025p05") is None
    True
    """
    match = IDENTIFIER.fullmatch(text.strip())
    if not match:
        return None
    identifier = match.group(1).lower()
    number = 0
    for character in identifier[1:7]:
        number = number * 32 + ALPHABET.index(character)
    return identifier if 98 - (number * 100) % 97 == int(identifier[7:]) else None


def parse_record(raw: object) -> RorRecord:
    """Read one record of the dump; raises `Refused`."""
    if not isinstance(raw, Mapping):
        raise Refused("not a record")
    ror_id = normalise_ror_id(str(raw.get("id") or ""))
    if ror_id is None:
        raise Refused(f"the identifier {str(raw.get('id'))[:60]!r} is not a ROR identifier")
    status = raw.get("status")
    if status not in STATUSES:
        raise Refused(f"the status {str(status)[:30]!r} is not known")
    names = _names(raw.get("names"))
    country, city = _place(raw.get("locations"))
    website = _website(raw.get("links"))
    main = next(name.name for name in names if name.main)
    return RorRecord(
        ror_id=ror_id,
        status=str(status),
        names=names,
        type=_type(raw.get("types"), main),
        country=country,
        city=city,
        website=website,
        domains=_domains(raw.get("domains"), website),
    )


def _line(value: object) -> str:
    text = unicodedata.normalize("NFC", str(value or ""))
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).split())


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _words(value: object) -> set[str]:
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()


def _names(value: object) -> tuple[RorName, ...]:
    names: list[RorName] = []
    for item in _mappings(value):
        text, types = _line(item.get("value")), _words(item.get("types"))
        if not text:
            continue
        if len(text) > LONGEST_NAME:
            raise Refused(f"a name has {len(text)} characters")
        shown = "ror_display" in types
        kind = "label" if shown or "label" in types else "acronym" if "acronym" in types else "alias"
        lang = _line(item.get("lang")).lower()[:35] or None
        names.append(RorName(text, lang, kind, shown))
    if not names:
        raise Refused("it has no name")
    if sum(name.main for name in names) != 1:
        first = next((i for i, n in enumerate(names) if n.main), 0)
        names = [RorName(n.name, n.lang, n.kind, i == first) for i, n in enumerate(names)]
    return tuple(names)


def _place(value: object) -> tuple[str, str | None]:
    for item in _mappings(value):
        details = item.get("geonames_details")
        if isinstance(details, Mapping):
            country = str(details.get("country_code") or "").upper()
            if not is_valid("country", country):
                raise Refused(f"the country {country[:10]!r} is not in ISO 3166")
            return country, _line(details.get("name"))[:120] or None
    raise Refused("it has no country")


def _website(value: object) -> str | None:
    for item in _mappings(value):
        address = str(item.get("value") or "").strip()
        parts = _split(address)
        if item.get("type") == "website" and parts and len(address) <= 500:
            return address
    return None


def _split(address: str) -> str | None:
    """The host of a web address, or None if it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return host if parts.scheme in ("http", "https") and host and "." in host else None


def _domains(value: object, website: str | None) -> tuple[str, ...]:
    listed = [str(d).strip().lower() for d in value if d] if isinstance(value, list) else []
    if not listed and website:
        host = (_split(website) or "").lower()
        listed = [host.removeprefix("www.")]
    return tuple(sorted({d for d in listed if re.fullmatch(r"[a-z0-9.-]{3,253}", d) and "." in d}))


def _type(value: object, main_name: str) -> str:
    types = _words(value)
    if types & {"education", "government", "archive", "nonprofit"}:
        for pattern, kind in BY_NAME:
            if pattern.search(main_name):
                return kind
    return next((ours for theirs, ours in TYPES.items() if theirs in types), "other")
