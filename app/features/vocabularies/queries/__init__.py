"""What the vocabularies answer: labels, lists, validity, search, and how codes hang together."""

from app.features.vocabularies.queries.finding import find_exact, search
from app.features.vocabularies.queries.labels import (
    CEFR,
    SCHEMES,
    Option,
    activity_sentence,
    cefr_code,
    codes,
    is_place,
    is_valid,
    label,
    level_codes,
    option,
    options,
    subject_ancestors,
    subject_children,
    subject_codes,
)
from app.features.vocabularies.queries.languages import autonym, direction, languages_of, normalise_language
from app.features.vocabularies.queries.places import countries_in, groups_of, places_below, region_depth, regions_of

__all__ = [
    "CEFR",
    "SCHEMES",
    "Option",
    "activity_sentence",
    "autonym",
    "cefr_code",
    "codes",
    "countries_in",
    "direction",
    "find_exact",
    "groups_of",
    "is_place",
    "is_valid",
    "label",
    "languages_of",
    "level_codes",
    "normalise_language",
    "option",
    "options",
    "places_below",
    "region_depth",
    "regions_of",
    "search",
    "subject_ancestors",
    "subject_children",
    "subject_codes",
]
