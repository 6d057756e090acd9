"""The directory: who is found by which filters, page by page, with the counts of every further choice."""

from app.features.profiles.queries.directory.conditions import asked_of
from app.features.profiles.queries.directory.facets import Choice, Facets, count_facets
from app.features.profiles.queries.directory.filters import SCHEMES, Filters, read_filters, toggled, written
from app.features.profiles.queries.directory.hidden import STEP, Hidden, count_hidden
from app.features.profiles.queries.directory.paging import Page, find_page
from app.features.profiles.queries.directory.seeing import Looker, looker_of

__all__ = [
    "SCHEMES",
    "STEP",
    "Choice",
    "Facets",
    "Filters",
    "Hidden",
    "Looker",
    "Page",
    "asked_of",
    "count_facets",
    "count_hidden",
    "find_page",
    "looker_of",
    "read_filters",
    "toggled",
    "written",
]
