"""Who is measured, by name: the rivals of whoever has a history, and those of newcomers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from app.matching.partnerships.rivals.content import Content
from app.matching.partnerships.rivals.counting import Equal, Popularity, ProgrammePopularity
from app.matching.partnerships.rivals.factors import AlternatingLeastSquares, BayesianPersonalisedRanking, LightFM
from app.matching.partnerships.rivals.graph import AdamicAdar, CommonNeighbours, PageRank
from app.matching.partnerships.rivals.mixture import LogisticMixture
from app.matching.partnerships.rivals.newcomers import (
    ContentForNewcomers,
    EqualForNewcomers,
    NewcomerRival,
    PopularityForNewcomers,
    ProgrammesAndAffinity,
    ProgrammesForNewcomers,
)
from app.matching.partnerships.rivals.rival import Rival

RIVALS: Mapping[str, type[Rival]] = {
    "random": Equal,
    "popularity": Popularity,
    "programme_popularity": ProgrammePopularity,
    "common_neighbours": CommonNeighbours,
    "adamic_adar": AdamicAdar,
    "pagerank": PageRank,
    "content": Content,
    "als": AlternatingLeastSquares,
    "bpr": BayesianPersonalisedRanking,
    "lightfm": LightFM,
    "logistic": LogisticMixture,
}

NEWCOMER_RIVALS: Mapping[str, type[NewcomerRival]] = {
    "random": EqualForNewcomers,
    "popularity": PopularityForNewcomers,
    "programme_popularity": ProgrammesForNewcomers,
    "content": ContentForNewcomers,
    "programme_affinity": ProgrammesAndAffinity,
}

LIBRARIES: Mapping[str, str] = {"als": "implicit", "bpr": "implicit", "lightfm": "lightfm"}
"""What a rival needs that only the development requirements bring."""


def missing_libraries() -> tuple[str, ...]:
    """Return which of the rivals' libraries aren't installed."""
    return tuple(name for name in sorted(set(LIBRARIES.values())) if find_spec(name) is None)
