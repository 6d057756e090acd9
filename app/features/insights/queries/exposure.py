"""Who suggestions bring to attention, as it may be published: shares of groups of enough people, about nobody alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from app.features.suggestions.queries.exposure import find_report, read_listing
from app.matching import weights
from app.matching.disclosure import singles_out
from app.matching.exposure import ENOUGH_LISTS, GROUPS, Listing, Share
from app.matching.participation import LEAST, Group, coarse

OTHERS = "others"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GroupShare:
    """A group's share of the attention, and its share among those who fit, from 0 to 1.

    ``key`` is a code, `UNKNOWN` for those whose country is not known, or `OTHERS` for small groups together.
    """

    key: str
    given: float
    due: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """The figures of a report. Shares of regions add up to 1; those of languages don't, as people speak several.

    ``groups`` are those of countries, by M49 code; they overlap, and most people are in none. ``groups_left_out``: how
    many of them have too few people, or would tell of a few together with what else is told.
    ``left_out``: how many languages have too few speakers to be told of, or less than half a per cent of both.
    ``given_up`` and ``most_given_up``: which part of the relevance lists gave up for balance, on average and at most;
    ``promised``: what they never exceed. ``lists`` counts those of members and of guests; ``kinds`` says how many of
    each kind, those of seldom kinds together as `OTHERS`, so that they add up to ``lists``, or nothing at all.
    """

    at: datetime
    begin: datetime
    days: int
    lists: int
    kinds: Mapping[str, int]
    regions: tuple[GroupShare, ...]
    languages: tuple[GroupShare, ...]
    left_out: int
    groups: tuple[GroupShare, ...]
    groups_left_out: int
    given_up: float
    most_given_up: float
    promised: float


def find_exposure(session: Session) -> Exposure | None:
    """The latest figures; None where there are too few lists, or too few people asked, to tell anything."""
    report = find_report(session)
    if report is None or report.figures["askers"] < LEAST or report.figures["lists"] < ENOUGH_LISTS:
        return None
    figures, whole = report.figures, read_listing(report.figures)
    people = figures["people"]
    regions = _groups(whole.regions, people["regions"])
    told = _told(regions, whole.attention)
    groups = _told_groups(whole, told, people.get("places", {}))
    languages = _groups(whole.languages, people["languages"])
    spoken = [_share(group, group.key, whole.attention) for group in languages if group.people >= LEAST]
    spoken = sorted((one for one in spoken if one.given or one.due), key=lambda one: (-one.due, one.key))
    return Exposure(
        at=report.at,
        begin=report.at - timedelta(days=figures["days"]),
        days=figures["days"],
        lists=figures["lists"] + figures.get("guest_lists", 0),
        kinds=_told_kinds(figures["kinds"]),
        regions=told,
        groups=groups,
        groups_left_out=len(whole.groups.keys() & GROUPS) - len(groups),
        languages=tuple(spoken),
        left_out=len(languages) - len(spoken),
        given_up=round(whole.given_up, 3),
        most_given_up=round(figures["most_given_up"], 3),
        promised=weights.GIVEN_UP_PERCENT / 100,
    )


def _told_kinds(kinds: Mapping[str, int]) -> dict[str, int]:
    """How many lists of each kind; few of a kind stand with those of others, or the rest would tell how many."""
    found = coarse(Group(kind, number) for kind, number in kinds.items())
    if found.tells_nothing:
        return {}
    told = {one.key: one.people for one in sorted(found.shown, key=lambda one: one.key)}
    return told if found.others is None else {**told, OTHERS: found.others.people}


def _groups(shares: Mapping[str, Share], people: Mapping[str, int]) -> list[Group]:
    """The groups, the largest first; the sums of a group that nobody belongs to any more go with it."""
    found = [Group(key, people.get(key, 0), (share.given, share.due)) for key, share in shares.items()]
    return sorted(found, key=lambda group: (-group.people, group.key))


def _told(groups: list[Group], attention: int) -> tuple[GroupShare, ...]:
    """Groups that exclude each other, the small ones as one, so that none can be worked out from the others."""
    found = coarse(groups)
    if found.tells_nothing:
        return ()
    shown = [_share(group, group.key or UNKNOWN, attention) for group in found.shown]
    return (*shown, *((_share(found.others, OTHERS, attention),) if found.others is not None else ()))


def _told_groups(whole: Listing, regions: tuple[GroupShare, ...], places: Mapping[str, int]) -> tuple[GroupShare, ...]:
    """The groups of countries that can be told."""
    people = tuple(sorted((place, number) for place, number in places.items() if number))
    named = tuple("" if one.key == UNKNOWN else one.key for one in regions if one.key != OTHERS)
    told = _tellable(tuple(sorted(whole.groups.keys() & GROUPS)), named, people)
    return tuple(_share(Group(key, 0, (share.given, share.due)), key, whole.grouped)
                 for key, share in sorted(whole.groups.items()) if key in told)  # fmt: skip


@lru_cache(maxsize=16)
def _tellable(groups: tuple[str, ...], regions: tuple[str, ...], places: tuple[tuple[str, int], ...]) -> frozenset[str]:
    """As many groups as can be told without pointing at a few, be it by sums and differences with one another, with
    the regions that are told and with the whole; the smallest are left out first."""
    people = dict(places)
    cells = {place: tuple(place.split(" ")) for place in people}
    published = [set(cells), *({one for one in cells if cells[one][0] == region} for region in regions)]
    having = {group: {place for place, (_region, *said) in cells.items() if group in said} for group in groups}
    counts = {group: sum(people[place] for place in there) for group, there in having.items()}
    chosen = set[str]()
    for group in sorted(groups, key=lambda one: (-counts[one], one)):
        if counts[group] >= LEAST and not singles_out([*published, having[group]], people):
            chosen.add(group)
            published.append(having[group])
    return frozenset(chosen)


def _share(group: Group, key: str, attention: int) -> GroupShare:
    given, due = (round(part / max(attention, 1), 2) for part in group.counts)
    return GroupShare(key, given, due)
