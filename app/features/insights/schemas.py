"""The figures as plain data: the one form in which the downloads, the API and the command line give them."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import Any

from app.features.insights.queries.exposure import Exposure


def exposure_as_json(found: Exposure | None) -> dict[str, Any]:
    """The figures; ``enough`` is false, and there are none, where too few lists were shown or too few people asked."""
    if found is None:
        return {"enough": False}
    told = asdict(found)
    return {"enough": True, **told, "at": found.at.isoformat(), "begin": found.begin.isoformat()}


def exposure_as_csv(found: Exposure | None) -> str:
    """The shares as a table: which kind of group, its code, its share of the attention and among those who fit."""
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\r\n")
    table.writerow(("group", "code", "share_of_attention", "share_of_fitting"))
    if found is not None:
        for name, shares in (
            ("region", found.regions), ("language", found.languages), ("country_group", found.groups),
        ):  # fmt: skip
            table.writerows((name, one.key, one.given, one.due) for one in shares)
    return lines.getvalue()
