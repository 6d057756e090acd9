"""Who suggestions bring to attention, as it may be published: shares of groups of enough people, about nobody alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.features.suggestions.queries.exposure import find_report, read_listing
from app.matching import weights
from app.matching.exposure import ENOUGH_LISTS, Share
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

    ``left_out``: how many languages have too few speakers to be told of, or less than half a per cent of both.
    ``given_up`` and ``most_given_up``: which part of the relevance lists gave up for balance, on average and at most;
    ``promised``: what they never exceed.
    """

    at: datetime
    begin: datetime
    days: int
    lists: int
    kinds: Mapping[str, int]
    regions: tuple[GroupShare, ...]
    languages: tuple[GroupShare, ...]
    left_out: int
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
    regions = _told(_groups(whole.regions, people["regions"]), whole.attention)
    languages = _groups(whole.languages, people["languages"])
    spoken = [_share(group, group.key, whole.attention) for group in languages if group.people >= LEAST]
    spoken = sorted((one for one in spoken if one.given or one.due), key=lambda one: (-one.due, one.key))
    return Exposure(
        at=report.at,
        begin=report.at - timedelta(days=figures["days"]),
        days=figures["days"],
        lists=figures["lists"],
        kinds={kind: number for kind, number in sorted(figures["kinds"].items()) if number >= LEAST},
        regions=regions,
        languages=tuple(spoken),
        left_out=len(languages) - len(spoken),
        given_up=round(whole.given_up, 3),
        most_given_up=round(figures["most_given_up"], 3),
        promised=weights.GIVEN_UP_PERCENT / 100,
    )


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


def _share(group: Group, key: str, attention: int) -> GroupShare:
    given, due = (round(part / max(attention, 1), 2) for part in group.counts)
    return GroupShare(key, given, due)
