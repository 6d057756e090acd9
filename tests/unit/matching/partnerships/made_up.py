"""Small made-up histories; every organisation and project in them is invented."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from app.matching.partnerships.history import History, Participation, build_history
from app.matching.partnerships.reading import COLUMNS

COUNTRIES = ("FR", "KE", "BR", "IN", "DE", "EG")
TYPES = ("HES", "PRC", "PUB")
PROGRAMMES = ("WATER", "SOIL", "LIGHT", "")
BEGIN = date(2014, 1, 1)


def made_up_rows(seed: int = 1, organisations: int = 60, projects: int = 90, days: int = 1000) -> list[Participation]:
    """Projects of two to seven, one of 55, and some of one, drawn so that some organisations join many."""
    lots = random.Random(seed)
    country = [lots.choice(COUNTRIES) for _ in range(organisations)]
    kind = [lots.choice(TYPES) for _ in range(organisations)]
    weights = [1 / (place + 1) for place in range(organisations)]
    rows = []
    for number in range(projects):
        day = BEGIN + timedelta(days=30 * (lots.randrange(days) // 30))
        size = 55 if number == 7 and organisations > 55 else lots.choice((1, 2, 3, 4, 7))
        who = (
            lots.sample(range(organisations), size)
            if size > 7
            else sorted(set(lots.choices(range(organisations), weights, k=size)))
        )
        programmes = tuple(sorted({lots.choice(PROGRAMMES), lots.choice(PROGRAMMES)} - {""}))
        for one in who:
            rows.append(Participation(f"p{number:03}", day, f"o{one:03}", kind[one], country[one], programmes))
    return rows


def made_up_history(seed: int = 1) -> History:
    """The same as columns."""
    return build_history(made_up_rows(seed))


def write_csv(path: Path, rows: list[Participation]) -> Path:
    """Write rows in the format of the files that are read."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [
                    row.project,
                    row.day,
                    row.organisation,
                    row.organisation_type,
                    row.country,
                    "participant",
                    ";".join(row.programmes),
                ]
            )
    return path
