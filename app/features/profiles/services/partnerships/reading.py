"""Reading a history of partnerships, and the table that says which organisation is which institution.

One line is one participation, so nothing longer is ever held, and a line that makes no sense is refused by itself.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple, cast

from app.features.profiles.services.import_runs import Unreadable
from app.features.profiles.services.ror.records import normalise_ror_id

COLUMNS = ("project_id", "start_date", "organisation_id", "organisation_type", "country", "role", "programmes")
NEEDED = COLUMNS[:5]
LONGEST_LINE = 1 << 14
LIMITS = {"project_id": 80, "organisation_id": 120, "organisation_type": 40, "country": 8, "role": 40}
MOST_PROGRAMMES = 1000
_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Refused(Exception):
    """A line that cannot be taken; the message says why."""


class Row(NamedTuple):
    """An organisation took part in a project; everything but the day as the source writes it."""

    project: str
    day: date
    programmes: str
    organisation: str
    organisation_type: str
    country: str
    role: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its number, and what it says or why it is refused."""

    number: int
    said: Row | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which institution an organisation is: by its ROR id or by the handle it has here."""

    number: int
    ror_id: str | None = None
    handle: str | None = None


def read_lines(path: Path, tell: Callable[[int], None] = lambda _n: None) -> Iterator[Line]:
    """Yield each participation, or why a line is none; `Unreadable` where the file is no history or ends early.

    ``tell`` hears how many bytes of the file were read.
    """
    places: dict[str, int] | None = None
    found = False
    for number, raw in _raw_lines(path, tell):
        if places is None:
            places = _header(raw, NEEDED, COLUMNS)
            continue
        if raw is not None and not raw.strip():
            continue
        found = True
        try:
            yield Line(number, _participation(_cells(raw), places))
        except Refused as reason:
            yield Line(number, None, str(reason))
    if not found:
        raise Unreadable("there is not one participation in it")


def read_identities(path: Path) -> tuple[dict[str, Identity], list[tuple[int, str, str]]]:
    """Read the table of ``organisation_id`` and ``ror`` or ``handle``: by organisation, and what is refused."""
    places: dict[str, int] | None = None
    found: dict[str, Identity] = {}
    refusals: list[tuple[int, str, str]] = []
    for number, raw in _raw_lines(path, lambda _n: None):
        if places is None:
            places = _header(raw, ("organisation_id",), ("organisation_id", "ror", "handle"))
            if len(places) < 2:
                raise Unreadable("its first line names neither a column ror nor a column handle")
            continue
        if raw is not None and not raw.strip():
            continue
        organisation = ""
        try:
            said = _said(_cells(raw), places)
            organisation = said["organisation_id"]
            found[organisation] = _identity(number, said)
        except Refused as reason:
            refusals.append((number, organisation[:60], str(reason)))
    if places is None:
        raise Unreadable("it is empty")
    return found, refusals


def _identity(number: int, said: dict[str, str]) -> Identity:
    if not said["organisation_id"]:
        raise Refused("the organisation_id is empty")
    ror, handle = said.get("ror", ""), said.get("handle", "")
    if not ror and not handle:
        raise Refused("it names no institution")
    ror_id = normalise_ror_id(ror) if ror else None
    if ror and ror_id is None:
        raise Refused(f"{ror[:60]!r} is not a ROR identifier")
    return Identity(number, ror_id, handle or None)


def _raw_lines(path: Path, tell: Callable[[int], None]) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines with their numbers; None for one that is longer than any that makes sense."""
    number = 0
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            source = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file
            told = 0
            while line := source.readline(LONGEST_LINE):
                number += 1
                too_long = not line.endswith(b"\n") and len(line) == LONGEST_LINE
                if too_long:
                    _skip_line(source)
                yield number, None if too_long else line
                if file.tell() > told:
                    tell(file.tell() - told)
                    told = file.tell()
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable(f"the packed file is damaged or cut off after line {number}") from None


def _skip_line(source: IO[bytes]) -> None:
    while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _header(raw: bytes | None, needed: tuple[str, ...], known: tuple[str, ...]) -> dict[str, int]:
    """The places of the known columns that the first line names."""
    if raw is not None and raw[:2] in _UTF16:
        raise Unreadable("it is UTF-16; save it as UTF-8")
    try:
        names = [name.strip() for name in _cells(raw.removeprefix(b"\xef\xbb\xbf") if raw else raw)]
    except Refused as reason:
        raise Unreadable(f"line 1: {reason}") from None
    missing = [name for name in needed if name not in names]
    if missing:
        raise Unreadable(f"line 1 does not name the column {missing[0]} (columns are separated by commas)")
    return {name: names.index(name) for name in known if name in names}


def _cells(raw: bytes | None) -> list[str]:
    if raw is None:
        raise Refused(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("it is not UTF-8 text") from None
    if "\0" in text:
        raise Refused("it holds a character that no text has")
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise Refused(str(error)) from None


def _said(cells: list[str], places: dict[str, int]) -> dict[str, str]:
    if len(cells) <= max(places.values()):
        raise Refused(f"it has {len(cells)} columns, {max(places.values()) + 1} are needed")
    return {name: cells[place].strip() for name, place in places.items()}


def _participation(cells: list[str], places: dict[str, int]) -> Row:
    said = _said(cells, places)
    for name in ("project_id", "organisation_id"):
        if not said[name]:
            raise Refused(f"the {name} is empty")
    for name, limit in LIMITS.items():
        if len(said.get(name, "")) > limit:
            raise Refused(f"the {name} is longer than {limit} characters")
    try:
        day = date.fromisoformat(said["start_date"])
    except ValueError:
        raise Refused(f"{said['start_date'][:40]!r} is no date like 2016-12-31") from None
    programmes = ";".join(sorted({name.strip() for name in said.get("programmes", "").split(";")} - {""}))
    if len(programmes) > MOST_PROGRAMMES:
        raise Refused(f"the programmes are longer than {MOST_PROGRAMMES} characters")
    return Row(
        project=said["project_id"],
        day=day,
        programmes=programmes,
        organisation=said["organisation_id"],
        organisation_type=said["organisation_type"],
        country=said["country"],
        role=said.get("role") or "participant",
    )
