"""What lists gave of the attention, as it is kept: the latest report, and what the next list owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.profiles.models import PERSON, Person, Profile, ProfileLanguage
from app.features.profiles.policies import parts_open
from app.features.suggestions.models import ExposureReport
from app.features.suggestions.queries.rows import MEMBERS, select_matchable
from app.features.vocabularies.queries import groups_of, regions_of
from app.matching.exposure import NOTHING_OWED, REGIONS, Listing, Owed, Share
from app.matching.facets import speech_key

_BATCH = 5000


def write_listing(listing: Listing) -> dict[str, Any]:
    """A listing as plain data: of each group what it was given, and its due."""
    return {
        "attention": listing.attention,
        "regions": {group: [share.given, share.due] for group, share in listing.regions.items()},
        "languages": {group: [share.given, share.due] for group, share in listing.languages.items()},
        "best": listing.best,
        "shown": listing.shown,
        "groups": {group: [share.given, share.due] for group, share in listing.groups.items()},
        "grouped": listing.grouped,
    }


def read_listing(kept: Mapping[str, Any]) -> Listing:
    """The same read."""
    regions, languages, groups = (
        {group: Share(*share) for group, share in kept.get(name, {}).items()}
        for name in ("regions", "languages", "groups")
    )
    return Listing(kept["attention"], regions, languages, kept["best"], kept["shown"], groups, kept.get("grouped", 0))


def find_report(session: Session) -> ExposureReport | None:
    """The latest report; None before the first."""
    return session.scalar(select(ExposureReport).order_by(ExposureReport.id.desc()).limit(1))


def find_owed(session: Session) -> Owed:
    """With what balance the next list begins."""
    figures = session.scalar(select(ExposureReport.figures).order_by(ExposureReport.id.desc()).limit(1))
    return Owed(**figures["owed"]) if figures else NOTHING_OWED


def count_people(session: Session) -> dict[str, dict[str, int]]:
    """How many may be suggested, by broad region and by language, of those who show members their languages.

    ``places`` counts them by region and groups of countries together, as in ``"002 199"``. By these numbers the figures
    are made coarse: a group of few people stands with others.
    """
    regions: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for country, number in session.execute(select_matchable(Profile.country, func.count()).group_by(Profile.country)):
        regions[_broad_region(country)] += number
        places[_place(country)] += number
    languages: Counter[str] = Counter()
    spoken = select_matchable(ProfileLanguage.profile_id, ProfileLanguage.tag, Profile.kind, Person.audiences)
    spoken = spoken.where(ProfileLanguage.profile_id == Profile.id).order_by(ProfileLanguage.profile_id)
    before, tags = 0, set[str]()
    for profile_id, tag, kind, audiences in session.execute(spoken.execution_options(yield_per=_BATCH)):
        if kind == PERSON and "languages" not in parts_open(audiences or {}, MEMBERS):
            continue
        if profile_id != before:
            before, tags = profile_id, set()
        if (key := speech_key(tag)) not in tags:
            tags.add(key)
            languages[key] += 1
    return {"regions": dict(regions), "languages": dict(languages), "places": dict(places)}


def _place(country: str | None) -> str:
    """The region and the groups of a country, as in ``"002 199 432"``; the region may be empty."""
    return " ".join((_broad_region(country), *(groups_of(country) if country else ())))


def _broad_region(country: str | None) -> str:
    """The region that exposure is balanced over; empty where no country is said."""
    return next((code for code in regions_of(country) if code in REGIONS), "") if country else ""
