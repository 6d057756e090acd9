"""The figures as plain data: the one form in which the downloads, the API and the command line give them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from app.features.insights.queries.exposure import Exposure


def exposure_as_json(found: Exposure | None) -> dict[str, Any]:
    """The figures; ``enough`` is false, and there are none, where too few lists were shown or too few people asked."""
    if found is None:
        return {"enough": False}
    told = asdict(found)
    return {"enough": True, **told, "at": found.at.isoformat(), "begin": found.begin.isoformat()}


def exposure_as_csv(found: Exposure | None, named: Callable[[str, str], str]) -> str:
    """The shares as a table that spreadsheets open: each group with its code, its name, and its two shares.

    ``named`` gives the name of a code of a vocabulary. The mark at the begin tells spreadsheets that it is UTF-8.
    """
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\r\n")
    table.writerow(("group", "code", "name", "share_of_attention", "share_of_fitting"))
    for name, scheme, shares in (
        ("region", "region", found.regions if found else ()),
        ("language", "language", found.languages if found else ()),
        ("country_group", "region", found.groups if found else ()),
    ):
        table.writerows((name, one.key, named(scheme, one.key), one.given, one.due) for one in shares)
    return "\ufeff" + lines.getvalue()
