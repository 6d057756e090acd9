"""Reads of renditions, by topic."""

from app.features.renditions.queries.best import Shown, list_best, list_languages
from app.features.renditions.queries.originals import find_original, get_original, list_originals, title_of_original

__all__ = [
    "Shown",
    "find_original",
    "get_original",
    "list_best",
    "list_languages",
    "list_originals",
    "title_of_original",
]
