"""How a community is doing, as it may be shown: sums made coarse enough that nobody is singled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.features.communities.models import MEMBER
from app.features.communities.policies import Standing
from app.features.communities.queries import health
from app.features.communities.queries.health import AuthorSum, Crossing, WeekSum
from app.features.profiles.queries.reading import primary
from app.features.vocabularies.queries import regions_of
from app.matching.participation import LEAST, Coarse, Group, coarse, fewest_for_half, gini, median, share_told

PERIODS = (30, 90, 365)
# Keys of groups that are no code: those whose country is not known, who left, who keeps order.
UNKNOWN, GONE, KEEPERS = "-", "gone", "keepers"
# How long a first post may wait before it counts as never answered.
PATIENCE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Answers:
    """How quickly something is answered: how many there were, were answered, and still wait; None: too few to say."""

    number: int
    answered: int
    waiting: int
    typical: timedelta | None

    @property
    def told(self) -> bool:
        """Whether there are enough of them for figures."""
        return self.number >= LEAST


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages offered (by the community) and present (among its members), as codes without script and region."""

    read: Coarse  # counts: members who work in it, posts in it
    offered: tuple[str, ...]
    missing: tuple[str, ...]  # offered, and hardly anybody works in it
    unoffered: tuple[str, ...]  # many work in it, and it is not offered


@dataclass(frozen=True, slots=True)
class Report:
    """How a community is doing in a period."""

    days: int
    members: int
    authors: int
    posts: int
    countries: Coarse  # counts: members, posts
    roles: Coarse  # the same
    gini: float | None
    half: int  # so few wrote half of it
    languages: Languages
    answers: int
    across_borders: float | None  # of the answers; None: too few people on one of the sides
    across_languages: float | None
    newcomers: Answers
    threads: Answers
    weeks: tuple[WeekSum, ...]
    wishes: tuple[tuple[str, int], ...]

    @property
    def too_few(self) -> bool:
        """Whether so few wrote that no figure about them can be shown."""
        return self.authors < LEAST


def load_report(session: Session, standing: Standing, days: int) -> Report:
    """How the community is doing: nine statements, however many posts there are."""
    community, until = standing.community, standing.moment
    number, since = community.id, until - timedelta(days=days)
    members = health.count_members(session, number)
    authors = health.sum_authors(session, number, since)
    borders, tongues = health.count_crossings(session, number, since)
    readers = health.count_readers(session, number)
    spoken = health.count_languages(session, number, since)
    written = [author.posts for author in authors if author.named]
    wishes = health.count_wishes(session, number)
    return Report(
        days=days,
        members=sum(count for _country, _role, count in members),
        authors=len(written),
        posts=sum(author.posts for author in authors),
        countries=by_country(members, authors),
        roles=by_role(members, authors),
        gini=gini(written) if len(written) >= LEAST else None,
        half=fewest_for_half(written),
        languages=by_language(readers, spoken, community.codes("language")),
        answers=tongues.across + tongues.within,
        across_borders=_share(borders),
        across_languages=_share(tongues),
        newcomers=_answers(health.list_first_steps(session, number, since), until),
        threads=_answers(health.list_first_answers(session, number, since), until),
        weeks=tuple(health.sum_weeks(session, number, days // 7, until)),
        wishes=tuple(sorted(wishes.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _add(groups: dict[str, list[int]], key: str, people: int, members: int, posts: int) -> None:
    sums = groups.setdefault(key, [0, 0, 0])
    for place, count in enumerate((people, members, posts)):
        sums[place] += count


def _coarse(groups: Mapping[str, list[int]]) -> Coarse:
    """Members and posts by group. Who left counts no members, so their number must not fill up a group of few."""
    gone = groups.get(GONE, [0, 0, 0])
    found = [Group(key, people, (members, posts)) for key, (people, members, posts) in groups.items() if key != GONE]
    left = Group(GONE, gone[0], (0, gone[2]))
    if left.people >= LEAST:
        told = coarse(found)
        return told if told.tells_nothing else replace(told, shown=(*told.shown, left))
    return coarse([*found, replace(left, people=0)])


def by_country(members: Iterable[tuple[str | None, str, int]], authors: Iterable[AuthorSum]) -> Coarse:
    """Members and posts by country; countries of few by continent; who wrote and left since is a group of its own."""
    number: dict[str, int] = {}
    for country, _role, count in members:
        number[country or UNKNOWN] = number.get(country or UNKNOWN, 0) + count
    groups: dict[str, list[int]] = {}
    for country, count in number.items():
        _add(groups, _place(country, count), count, count, 0)
    for author in authors:
        country = author.country or UNKNOWN
        if author.role is None:
            _add(groups, GONE, 1, 0, author.posts)
        else:
            _add(groups, _place(country, number.get(country, 0)), 0, 0, author.posts)
    return _coarse(groups)


def _place(country: str, number: int) -> str:
    """The country itself if enough people are there, else its continent (M49)."""
    if number >= LEAST or country == UNKNOWN:
        return country
    regions = regions_of(country)
    return regions[1] if len(regions) > 1 else UNKNOWN


def by_role(members: Iterable[tuple[str | None, str, int]], authors: Iterable[AuthorSum]) -> Coarse:
    """Members and posts by role; facilitators and coordinators are few, and count together."""
    groups: dict[str, list[int]] = {}
    for _country, role, count in members:
        _add(groups, MEMBER if role == MEMBER else KEEPERS, count, count, 0)
    for author in authors:
        key = GONE if author.role is None else MEMBER if author.role == MEMBER else KEEPERS
        _add(groups, key, 1 if author.role is None else 0, 0, author.posts)
    return _coarse(groups)


def by_language(readers: Mapping[str, int], spoken: Mapping[str, tuple[int, int]], offered: Iterable[str]) -> Languages:
    """Members who work in a language beside the posts in it. The same people may have several languages."""
    groups = []
    for tag in sorted({*readers, *spoken}):
        posts, people = spoken.get(tag, (0, 0))
        groups.append(Group(tag, max(readers.get(tag, 0), people), (readers.get(tag, 0), posts)))
    kept = tuple(dict.fromkeys(primary(tag) for tag in offered))
    return Languages(
        read=coarse(groups, overlapping=True),
        offered=kept,
        missing=tuple(tag for tag in kept if readers.get(tag, 0) < LEAST),
        unoffered=tuple(sorted(tag for tag, count in readers.items() if count >= LEAST and tag not in kept)),
    )


def _share(crossing: Crossing) -> float | None:
    return share_told(crossing.across, crossing.across_people, crossing.within, crossing.within_people)


def _answers(steps: Iterable[tuple[datetime, datetime | None]], until: datetime) -> Answers:
    rows = list(steps)
    waits = [(answer - first).total_seconds() for first, answer in rows if answer is not None]
    waiting = sum(answer is None and first < until - PATIENCE for first, answer in rows)
    typical = median(waits) if len(waits) >= LEAST else None
    return Answers(len(rows), len(waits), waiting, timedelta(seconds=typical) if typical is not None else None)
