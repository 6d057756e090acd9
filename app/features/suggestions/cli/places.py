"""Which region and which group of countries a country of a history lies in."""

from __future__ import annotations

from app.features.vocabularies.queries.places import countries, regions_of

OTHER_CODES = {"EL": "GR", "UK": "GB"}
"""Codes of the European Union's own that ISO 3166 writes otherwise."""

# Membership as it was in the years 2014 to 2018; what one may ask of a programme went by it.
MEMBERS_BEFORE_2004 = frozenset(
    ["AT", "BE", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "IE", "IT", "LU", "NL", "PT", "SE"]
)
MEMBERS_SINCE_2004 = frozenset(["BG", "CY", "CZ", "EE", "HR", "HU", "LT", "LV", "MT", "PL", "RO", "SI", "SK"])
ASSOCIATED = frozenset(["AL", "AM", "BA", "CH", "FO", "GE", "IL", "IS", "MD", "ME", "MK", "NO", "RS", "TN", "TR", "UA"])


def region_of(code: str) -> str:
    """Return the smallest M49 region of a country; "" where there is none.

    >>> region_of("EL"), region_of("KE"), region_of("??")
    ('039', '014', '')
    """
    parents = regions_of(OTHER_CODES.get(code, code))
    return parents[-1] if parents else ""


def group_of(code: str) -> str:
    """Return the group a country is counted in.

    >>> group_of("UK"), group_of("HR"), group_of("NO"), group_of("UG"), group_of("US")
    ('eu_before_2004', 'eu_since_2004', 'associated', 'least_developed', 'other')
    """
    known = OTHER_CODES.get(code, code)
    if known in MEMBERS_BEFORE_2004:
        return "eu_before_2004"
    if known in MEMBERS_SINCE_2004:
        return "eu_since_2004"
    if known in ASSOCIATED:
        return "associated"
    return "least_developed" if countries().get(known, {}).get("ldc") else "other"
