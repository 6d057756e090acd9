"""What a history of partnerships and what profiles say, in one list of suggestions.

A history speaks first: of two who are known to it, the one its ranker puts first comes first, and of the first four
places at least three are its own, of the first eight six, as long as it has somebody. The points it gives are the
fewest whole numbers with which the sum does so: the contributions still add up to the score, and what the profiles say
stays in sight. Whoever has no history stands where the profiles alone put them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.matching.exposure import Listing, Placed, measure
from app.matching.query import Answer, Contribution, Message, Query, Suggestion

CRITERION = "history"
LEAST_POINTS = 100
"""What any history is worth, in points of the hand-set table: as much as a language both know from childhood."""
MOST = 100
"""So many of the ranker's best, and of the best by profile, are considered however few are shown: of two lists of
different length the shorter one is the beginning of the longer, and a pair has the same score in both."""
BESIDE = 3
"""Behind so many with a history may stand one without."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom the history knows.

    Attributes
    ----------
    key
        Of the profile.
    evidence
        What the history says for them, the weightiest first; never empty.
    """

    key: int
    evidence: tuple[Message, ...]


class Answering(Protocol):
    """What is asked of a match index."""

    def suggest(self, query: Query) -> Answer:
        """Return the best candidates with reasons and gaps."""
        ...

    def explain_each(self, query: Query, keys: Sequence[int], most: int) -> Sequence[Suggestion]:
        """Return the first `most` of `keys` who pass the filters, explained, in their order."""
        ...


def blend(index: Answering, query: Query, known: Sequence[Known]) -> Answer:
    """Answer a query from the index and from a history.

    Parameters
    ----------
    index
        Says who passes the hard filters, the common working language among them, and what the profiles have in common.
    query
        For institutions or collaborators.
    known
        Whom the ranker puts first, best first; any number.

    Notes
    -----
    Three questions to the index: for the scores of :data:`MOST` by profile, for those of as many whom the history
    knows, and why those who are shown suit. The exposure in the answer is that of the list by profile:
    :func:`regiven` measures what is shown.
    """
    if not known:
        return index.suggest(query)
    asked = _asked(query, known)
    answer, partners, others = _both(index, asked, known)
    shown = merged(partners, others)[: max(query.limit, 0)]
    return replace(answer, suggestions=tuple(_explained(index, asked, shown)))


def explain(index: Answering, query: Query, key: int, known: Sequence[Known]) -> Suggestion | None:
    """Explain one candidate as they stand in the list of :func:`blend`; None if they don't pass the filters."""
    asked, alone = _asked(query, known), Suggestion(key, 0, ())
    partners = _both(index, asked, known)[1] if any(one.key == key for one in known) else []
    return next(_explained(index, asked, [next((one for one in partners if one.key == key), alone)]), None)


def lifts(scores: Sequence[int], others: Sequence[int] = (), least: int = LEAST_POINTS) -> list[int]:
    """Return the least points that put `scores` into descending order, and three before each of `others`.

    Parameters
    ----------
    scores
        By the profiles alone, in the order of the history.
    others
        Of those without a history, in descending order.
    least
        What anybody is given; nobody is given less than who comes after.

    >>> lifts([300, 500, 400])
    [301, 100, 100]
    >>> [score + points for score, points in zip([300, 500, 400], lifts([300, 500, 400]))]
    [601, 600, 500]
    >>> [score + points for score, points in zip([300, 500, 400, 20], lifts([300, 500, 400, 20], [900, 800]))]
    [1281, 1280, 1180, 800]
    """
    found: list[int] = []
    below = None
    for place in range(len(scores) - 1, -1, -1):
        points = max(least, found[-1] if found else least)
        if below is not None:
            points = max(points, below + 1 - scores[place])
        if place // BESIDE < len(others):
            points = max(points, others[place // BESIDE] - scores[place])
        below = scores[place] + points
        found.append(points)
    return found[::-1]


def regiven(listing: Listing, placed: Sequence[Placed]) -> Listing:
    """Return what another list of the same candidates gives: each group's due stays in proportion.

    >>> from app.matching.exposure import Share
    >>> both = Listing(1000, {"002": Share(0, 250), "150": Share(1000, 750)}, best=400_000, shown=400_000)
    >>> regiven(both, [Placed(1000, 500, "002", frozenset()), Placed(631, 400, "150", frozenset())]).regions
    {'002': Share(given=1000, due=407), '150': Share(given=631, due=1223)}
    """
    regions, languages, groups = (
        {group: share.due for group, share in shares.items()}
        for shares in (listing.regions, listing.languages, listing.groups)
    )
    return measure(placed, [one.score for one in placed], regions, languages, listing.attention, groups)


def merged(partners: Sequence[Suggestion], others: Sequence[Suggestion]) -> list[Suggestion]:
    """Return both in one list by their scores, each of the two in the order it had; of equals a partner comes first."""
    found: list[Suggestion] = []
    waiting = list(others)[::-1]
    for one in partners:
        while waiting and waiting[-1].score > one.score:
            found.append(waiting.pop())
        found.append(one)
    return [*found, *waiting[::-1]]


def _asked(query: Query, known: Sequence[Known]) -> Query:
    """Return the question to the index for a query: those who are known need no other reason to be relevant."""
    return replace(query, known=query.known | {one.key for one in known})


def _both(index: Answering, asked: Query, known: Sequence[Known]) -> tuple[Answer, list[Suggestion], list[Suggestion]]:
    """Return the answer by profile, the best who are known to the history, and the best others, each in their order.

    Of each the score alone, and of those who are known what the history adds to it.
    """
    asked = replace(asked, limit=max(asked.limit, MOST), reasons=False)
    answer = index.suggest(asked)
    found = index.explain_each(asked, [one.key for one in known], MOST)
    keys = {one.key for one in found}
    others = [one for one in answer.suggestions if one.key not in keys]
    least = LEAST_POINTS * asked.model.of(asked.kind).scale
    beside = sorted((one.score for one in others), reverse=True)
    said: Mapping[int, Known] = {one.key: one for one in known}
    lifted = zip(found, lifts([one.score for one in found], beside, least), strict=True)
    return (
        answer,
        [_with(one, (Contribution(CRITERION, lift, said[one.key].evidence),)) for one, lift in lifted],
        others,
    )


def _explained(index: Answering, asked: Query, shown: Sequence[Suggestion]) -> Iterator[Suggestion]:
    """Yield the same with what the profiles say for each."""
    history = {one.key: one.contributions for one in shown}
    for one in index.explain_each(asked, list(history), len(history)):
        yield _with(one, history[one.key])


def _with(one: Suggestion, history: tuple[Contribution, ...]) -> Suggestion:
    """Return a suggestion with what the history adds, which counts in both directions."""
    if not history:
        return one
    return replace(
        one,
        score=one.score + sum(part.points for part in history),
        contributions=(*history, *one.contributions),
        other=(*history, *one.other) if one.other else (),
    )
