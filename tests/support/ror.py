"""Made-up records in ROR's published form (schema v2)."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def ror_id(number: int) -> str:
    """A well-formed identifier of our own making."""
    characters = ""
    rest = number
    for _ in range(6):
        characters = ALPHABET[rest % 32] + characters
        rest //= 32
    return f"0{characters}{98 - (number * 100) % 97:02d}"


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A made-up sample record."""
    return {
        "id": f"https://ror.org/{ror_id(number)}",
        "status": "active",
        "types": ["education"],
        "names": [
            {"value": f"Sample University {number}", "types": ["ror_display", "label"], "lang": "en"},
            {"value": f"Université exemple {number}", "types": ["label"], "lang": "fr"},
            {"value": f"示例大学{number}", "types": ["alias"], "lang": "zh"},
            {"value": f"SU{number}", "types": ["acronym"], "lang": None},
        ],
        "locations": [{"geonames_id": 1, "geonames_details": {"country_code": "KE", "name": "Kisumu"}}],
        "links": [{"type": "website", "value": f"https://www.su{number}.example"}],
        "domains": [f"su{number}.example"],
        **changes,
    }


def write_dump(path: Path, records: list[Any]) -> Path:
    """Write records as a dump; in an archive when the name ends in .zip."""
    text = json.dumps(records, ensure_ascii=False)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("v2.9-ror-data.json", text)
    else:
        path.write_text(text, encoding="utf-8")
    return path
