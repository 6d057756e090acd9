"""Reads a history of partnerships from a CSV file, and says at which line it can't."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

from app.matching.partnerships.history import History, Participation, build_history

COLUMNS = ("project_id", "start_date", "organisation_id", "organisation_type", "country", "role", "programmes")
NEEDED = COLUMNS[:5]
MOST_CHARACTERS = 100_000


class UnreadableHistory(ValueError):
    """The file is no history; the text says what is wrong, and at which line where there is one."""


class MissingColumn(UnreadableHistory):
    """The first line doesn't name a column that is needed."""


class BadRow(UnreadableHistory):
    """A line can't be understood."""


class NoRows(UnreadableHistory):
    """There is not one participation in the file."""


class BrokenFile(UnreadableHistory):
    """The bytes are not what they should be: cut off, damaged, or not UTF-8."""


def read_history(path: str | Path, until: date | None = None) -> History:
    """Read a history from a ``.csv`` or ``.csv.gz`` file with the columns of :data:`COLUMNS`.

    Parameters
    ----------
    path
        The file; whether it is packed is seen by its first bytes, not by its name.
    until
        Leave out what starts after this day, as if it weren't in the file (it must be readable all the same).

    Raises
    ------
    UnreadableHistory
        One of its kinds; nothing is guessed and no line is left out in silence.
    OSError
        If the file can't be opened.
    """
    return build_history(read_participations(path, until))


def read_participations(path: str | Path, until: date | None = None) -> Iterator[Participation]:
    """Yield the rows of a file one by one; see :func:`read_history`."""
    found = False
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        source = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
        with TextIOWrapper(source, encoding="utf-8-sig", newline="") as text:
            for row in _rows(text):
                found = True
                if until is None or row.day <= until:
                    yield row
    if not found:
        raise NoRows("there is not one participation in the file")


def _rows(text: TextIOWrapper) -> Iterator[Participation]:
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(text)
    line = 1
    try:
        names = [name.strip() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise MissingColumn(f"line 1 doesn't name the column {missing[0]}")
        places = {name: names.index(name) for name in COLUMNS if name in names}
        for cells in reader:
            line = reader.line_num
            if cells:
                yield _row(cells, places, line)
    except UnicodeDecodeError as error:
        raise BrokenFile(f"after line {line}: this is not UTF-8 text") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFile(f"after line {line}: the packed file is damaged or cut off") from error
    except csv.Error as error:
        raise BadRow(f"line {reader.line_num}: {error}") from error


def _row(cells: list[str], places: dict[str, int], line: int) -> Participation:
    if len(cells) <= max(places.values()):
        raise BadRow(f"line {line} has {len(cells)} columns, {max(places.values()) + 1} are needed")
    said = {name: cells[place].strip() for name, place in places.items()}
    for name in ("project_id", "organisation_id"):
        if not said[name]:
            raise BadRow(f"line {line}: the {name} is empty")
    try:
        day = date.fromisoformat(said["start_date"])
    except ValueError as error:
        raise BadRow(f"line {line}: {said['start_date'][:40]!r} is no date like 2016-12-31") from error
    programmes = (name.strip() for name in said.get("programmes", "").split(";"))
    return Participation(
        project=said["project_id"],
        day=day,
        organisation=said["organisation_id"],
        organisation_type=said["organisation_type"],
        country=said["country"],
        programmes=tuple(sorted({name for name in programmes if name})),
    )
