"""Which communities suit a person, and which community is missing: pure functions over facets.

A community names what it is for: subjects, levels, languages, places. What it names is a wall: whoever teaches none of
its subjects, or works in none of its languages, does not fit, however well the rest does. What it leaves open is open
to all. Behind the walls points order what fits, each with its evidence.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.matching.criteria import common_languages, working_languages
from app.matching.facets import LEVEL_NAMES, Profile, speech_key
from app.matching.query import Contribution, Gap, Message

# Every number that decides, with its reason.
SUBJECT_SAME = 100
"""The community's subject is one of mine."""
SUBJECT_NARROWER = 70
"""It is about a part of what I do: mathematics for somebody who says natural sciences."""
SUBJECT_BROADER = 60
"""It is about more than what I do: I belong there, and so do many others."""
LANGUAGE_POINTS: tuple[int, ...] = (0, 0, 0, 40, 60, 80, 90, 100)
"""By my level in the best of its languages. Below B1 (3) one can't follow a talk in writing: that is a wall."""
LEVEL_SAME, LEVEL_NEAR = 50, 20
"""The same level of education, or the one next to it, whose pupils are nearly the same."""
PLACE_COUNTRY = 40
"""It is for my country."""
PLACE_REGION: tuple[int, ...] = (5, 10, 20, 30)
"""It is for a region I am in, by how deep the region lies: the world, a continent, a part of one, a smaller part."""
CHECKED_POINTS: tuple[tuple[int, int], ...] = ((90, 20), (365, 10))
"""The same of what lives elsewhere, by when a member last looked whether it is still there."""
EASY_LEVEL = 4
"""Below B2 one follows slowly: that is said as a gap."""
QUIET_DAYS = 30
MOST_GAPS = 3
ALIVE_POINTS: tuple[tuple[int, int], ...] = ((7, 20), (30, 10), (90, 0))
"""(up to so many days since something happened, points): of two that fit alike the livelier one comes first."""
MOST_EVIDENCE = 3
WORKING_LEVEL = 3
LEAST_PEOPLE = 5
"""Fewer than so many others are acquaintances, for whom suggestions of people do better than a community."""
NARROW = 3
"""A field of fewer digits is too broad for a community that nobody has asked for."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What a community is for; empty: not said, so open to all.

    ``quiet_days``: since something last happened, or since a member last looked at one that is ``external``. Keys are
    unique among communities, and among those that are external.
    """

    key: int
    subjects: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quiet_days: int = 0
    external: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """A community that suits a person; ``score`` is the sum of the points of its reasons."""

    key: int
    score: int
    reasons: tuple[Contribution, ...]
    gaps: tuple[Gap, ...] = ()
    external: bool = False


@dataclass(frozen=True, slots=True)
class Fits:
    """Communities that suit somebody, the best first.

    Attributes
    ----------
    total
        How many suit.
    hidden_by_language
        How many would, but for their languages.
    gaps
        What would bring more: each with how many, and some of whom (`Gap.who` are places in the list that was given).
    """

    fits: tuple[Fit, ...] = ()
    total: int = 0
    hidden_by_language: int = 0
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A community that could exist: what it would be for, the others who would be in it, and where they are."""

    subject: str
    level: str
    languages: tuple[str, ...]
    keys: tuple[int, ...]
    countries: tuple[str, ...]


def _subject(person: Profile, community: Domain) -> Contribution | None:
    """Return the best tie between the subjects of both; a code lies in every code that it begins with."""
    same = sorted(set(person.subjects) & set(community.subjects))
    if same:
        evidence = tuple(Message("fit.subject.same", {"code": code}) for code in same[:MOST_EVIDENCE])
        return Contribution("subject", SUBJECT_SAME, evidence)
    for points, key, inner in (
        (SUBJECT_NARROWER, "fit.subject.narrower", False),
        (SUBJECT_BROADER, "fit.subject.broader", True),
    ):
        pairs = sorted(
            (mine, code)
            for mine in person.subjects
            for code in community.subjects
            if (mine.startswith(code) if inner else code.startswith(mine))
        )
        if pairs:
            evidence = tuple(Message(key, {"mine": mine, "code": code}) for mine, code in pairs[:MOST_EVIDENCE])
            return Contribution("subject", points, evidence)
    return None


def _language(person: Profile, community: Domain) -> Contribution | None:
    """Return my best language among those of the community, if I can work in it."""
    wanted = {speech_key(tag) for tag in community.languages}
    known = sorted(
        ((one.level, one.tag) for one in person.languages if speech_key(one.tag) in wanted),
        key=lambda one: (-one[0], one[1]),
    )
    if not known or known[0][0] < WORKING_LEVEL:
        return None
    level, tag = known[0]
    message = Message("fit.language", {"tag": tag, "level": LEVEL_NAMES[level]})
    return Contribution("language", LANGUAGE_POINTS[level], (message,))


def _level(person: Profile, community: Domain) -> Contribution | None:
    """Return the levels that both have, or the nearest two that lie next to each other."""
    same = sorted(set(person.levels) & set(community.levels))
    if same:
        evidence = tuple(Message("fit.level.same", {"level": code}) for code in same[:MOST_EVIDENCE])
        return Contribution("level", LEVEL_SAME, evidence)
    near = sorted(
        (mine, theirs)
        for mine in person.levels
        for theirs in community.levels
        if mine.isdigit() and theirs.isdigit() and abs(int(mine) - int(theirs)) == 1
    )
    if not near:
        return None
    message = Message("fit.level.near", {"mine": near[0][0], "theirs": near[0][1]})
    return Contribution("level", LEVEL_NEAR, (message,))


def _place(person: Profile, community: Domain) -> Contribution | None:
    """Return the narrowest of the community's places that I am in."""
    if person.country and person.country in community.places:
        return Contribution("place", PLACE_COUNTRY, (Message("fit.place.country", {"country": person.country}),))
    inside = [(depth, code) for depth, code in enumerate(person.regions) if code in community.places]
    if not inside:
        return None
    depth, code = max(inside)
    points = PLACE_REGION[min(depth, len(PLACE_REGION) - 1)]
    return Contribution("place", points, (Message("fit.place.region", {"region": code}),))


def _alive(community: Domain) -> Contribution | None:
    table, key = (CHECKED_POINTS, "fit.checked") if community.external else (ALIVE_POINTS, "fit.alive")
    points = next((points for days, points in table if community.quiet_days <= days), 0)
    if not points:
        return None
    return Contribution("alive", points, (Message(key, {"days": community.quiet_days}),))


def fit(person: Profile, community: Domain) -> Fit | None:
    """Return why a community suits a person, or None where something it names is not theirs.

    >>> from app.matching.facets import Language
    >>> amina = Profile(1, "person", "KE", ("001", "002", "202", "014"), ("0541",), ("2",), (Language("sw", 7),))
    >>> [(one.criterion, one.points) for one in fit(amina, Domain(9, ("054",), (), ("sw", "en"), ("202",), 40)).reasons]
    [('language', 100), ('subject', 60), ('place', 20)]
    >>> fit(amina, Domain(9, ("0231",))) is None
    True
    """
    if walls_between(person, community):
        return None
    ties = [found for named, tie in _WALLS.values() if named(community) and (found := tie(person, community))]
    if not ties:
        return None
    alive = _alive(community)
    reasons = tuple(sorted((*ties, *((alive,) if alive else ())), key=lambda one: (-one.points, one.criterion)))
    score = sum(one.points for one in reasons)
    return Fit(community.key, score, reasons, tuple(_gaps(person, community)), community.external)


_WALLS: dict[str, tuple[Callable[[Domain], tuple[str, ...]], Callable[[Profile, Domain], Contribution | None]]] = {
    "subject": (lambda one: one.subjects, _subject),
    "language": (lambda one: one.languages, _language),
    "level": (lambda one: one.levels, _level),
    "place": (lambda one: one.places, _place),
}


def walls_between(person: Profile, community: Domain) -> list[str]:
    """Return what a community names that is not the person's: subject, language, level, place.

    >>> walls_between(Profile(1, "person"), Domain(9, ("0231",), (), ("fr",)))
    ['subject', 'language']
    """
    return [name for name, (named, tie) in _WALLS.items() if named(community) and tie(person, community) is None]


def _gaps(person: Profile, community: Domain) -> list[Gap]:
    """Return what somebody lacks, or will miss, in a community that suits them."""
    found = []
    spoken = working_languages(person.languages)
    known = sorted(((spoken.get(speech_key(tag), (0, 0))[0], tag) for tag in community.languages), reverse=True)
    if known and known[0][0] < EASY_LEVEL:
        found.append(Gap(Message("gap.fit.slow", {"tag": known[0][1], "level": LEVEL_NAMES[known[0][0]]})))
    foreign = tuple(sorted(tag for level, tag in known if level < WORKING_LEVEL))
    if foreign:
        found.append(Gap(Message("gap.fit.languages", {"tags": foreign})))
    if not community.external and community.quiet_days > QUIET_DAYS:
        found.append(Gap(Message("gap.fit.quiet", {"days": community.quiet_days})))
    return found


def best_fits(person: Profile, communities: Iterable[Domain], limit: int) -> list[Fit]:
    """Return the communities that suit a person best, ties by key so that the order never changes by itself."""
    found = [one for community in communities if (one := fit(person, community)) is not None]
    return sorted(found, key=_best_first)[:limit]


def _best_first(one: Fit) -> tuple[int, bool, int]:
    """The order of fits: by score; of equals those that live here come first, then the lower key."""
    return -one.score, one.external, one.key


def suit(person: Profile, communities: Sequence[Domain], limit: int) -> Fits:
    """Return the communities that suit somebody, how many more there would be, and what would bring them.

    Notes
    -----
    O(communities · facets): one pass finds what each lacks, and each of the few changes worth looking at is one more,
    in which those it opens are counted.
    """
    found: list[Fit] = []
    closed: list[int] = []
    hidden = 0
    missed: Counter[tuple[str, str]] = Counter()
    unsaid = _unsaid(person)
    for at, community in enumerate(communities):
        walls = walls_between(person, community)
        one = fit(person, community) if not walls else None
        if one is not None:
            found.append(one)
            continue
        closed.append(at)
        hidden += walls == ["language"]
        # Who has said neither is told of both, or an empty list would have nothing to say.
        if len(walls) == 1 or unsaid.issuperset(walls):
            missed.update(change for change in _changes(person, community) if change[0] in walls)
    likely = sorted(missed, key=lambda change: (-missed[change], change))[: 2 * MOST_GAPS]
    gaps = [_gap(person, change, communities, closed) for change in likely]
    # What was not said at all comes first: nothing can be counted before it is.
    gaps.sort(key=lambda gap: (gap.adds is not None, -(gap.adds or 0)))
    return Fits(tuple(sorted(found, key=_best_first)[:limit]), len(found), hidden, tuple(gaps[:MOST_GAPS]))


_LISTED = {"subject": "subjects", "language": "languages", "level": "levels"}


def _unsaid(person: Profile) -> set[str]:
    """Return what a profile says nothing of: subject, language, level, place."""
    said = {wall: bool(getattr(person, name)) for wall, name in _LISTED.items()} | {"place": bool(person.country)}
    return {wall for wall, known in said.items() if not known}


def _changes(person: Profile, community: Domain) -> list[tuple[str, str]]:
    """Return the single changes of a profile that could open a community: (facet, code), code "" for saying it."""
    unsaid = [(wall, "") for wall in sorted(_unsaid(person))]
    levels = [("level", code) for code in community.levels] if person.levels else []
    near = {code[:NARROW] for code in person.subjects}
    subjects = [("subject", code) for code in community.subjects if code[:NARROW] in near]
    return [*unsaid, *levels, *subjects]


def _gap(person: Profile, change: tuple[str, str], communities: Sequence[Domain], closed: Sequence[int]) -> Gap:
    """Return a change with what it would open, counted; of saying something at all nobody knows what will be said."""
    facet, code = change
    if not code:
        unsaid = _unsaid(person)
        walls = {at: walls_between(person, communities[at]) for at in closed}
        who = tuple(at for at in closed if facet in walls[at] and unsaid.issuperset(walls[at]))
        name = "country" if facet == "place" else facet
        return Gap(Message(f"gap.fit.say.{name}"), who=who[:MOST_EVIDENCE])
    name = _LISTED[facet]
    added: dict[str, Any] = {name: (*getattr(person, name), code)}
    after = replace(person, **added)
    who = tuple(at for at in closed if fit(after, communities[at]) is not None)
    message = Message(f"gap.fit.add.{facet}", {"code": code, "count": len(who)})
    return Gap(message, len(who), {"facet": facet, "code": code}, who[:MOST_EVIDENCE])


def _teaches(person: Profile, subject: str) -> bool:
    return any(
        code.startswith(subject) or (len(code) >= NARROW and subject.startswith(code)) for code in person.subjects
    )


def covers(community: Domain, person: Profile, subject: str, level: str, language: str) -> bool:
    """Return whether a community is already there for a subject at a level in a language, where the person is."""
    here = {*person.regions, person.country}
    return (
        any(subject.startswith(code) or code.startswith(subject) for code in community.subjects)
        and (not community.levels or level in community.levels)
        and (not community.languages or language in {speech_key(tag) for tag in community.languages})
        and (not community.places or bool(here & set(community.places)))
    )


def find_missing(
    asking: Profile, others: Sequence[Profile], existing: Sequence[Domain], least: int = LEAST_PEOPLE
) -> Missing | None:
    """Return the largest group of like people around somebody for whom there is no community yet.

    Alike are those who share a subject (equal, or one a part of the other), a level and a working language with the
    one who asks. Its languages are all those in which at least half of the group can work with them.

    Complexity: O(subjects · levels · languages · (others + existing)).
    """
    mine = working_languages(asking.languages)
    spoken = {
        other.key: set(common_languages(mine, working_languages(other.languages)))
        for other in others
        if other.key != asking.key
    }
    best: tuple[tuple[int, int, str, str, str], list[Profile]] | None = None
    for subject in (code for code in asking.subjects if len(code) >= NARROW):
        for level in asking.levels:
            alike = [o for o in others if o.key in spoken and level in o.levels and _teaches(o, subject)]
            for language in sorted(mine):
                group = [other for other in alike if language in spoken[other.key]]
                if len(group) < least or any(covers(c, asking, subject, level, language) for c in existing):
                    continue
                rank = (-len(group), -len(subject), subject, level, language)
                if best is None or rank < best[0]:
                    best = rank, group
    return _described(asking, best[1], best[0], spoken) if best else None


def _described(
    asking: Profile, group: list[Profile], rank: tuple[int, int, str, str, str], spoken: dict[int, set[str]]
) -> Missing:
    _size, _depth, subject, level, language = rank
    counts = {
        tag: sum(tag in spoken[one.key] for one in group) for tag in {tag for one in group for tag in spoken[one.key]}
    }
    also = sorted(
        (tag for tag, count in counts.items() if tag != language and 2 * count >= len(group)),
        key=lambda tag: (-counts[tag], tag),
    )
    countries = sorted({one.country for one in (*group, asking) if one.country})
    return Missing(subject, level, (language, *also), tuple(sorted({one.key for one in group})), tuple(countries))
