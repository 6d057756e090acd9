"""What a history of partnerships and what profiles say, in one list of suggestions.

A history speaks first: of two who are known to it, the one its ranker puts first comes first. The points it gives are
the fewest whole numbers with which the sum keeps that order, so the contributions still add up to the score and what
the profiles say stays in sight. Whoever has no history stands where the profiles alone put them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.matching.query import Answer, Contribution, Message, Query, Suggestion

CRITERION = "history"
LEAST_POINTS = 100
"""What any history is worth: as much as a common working language both know from childhood."""
MOST_KNOWN = 100
"""So many of the ranker's best are considered, however few are shown: a list of any length gives a pair one score."""


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
    O(MOST_KNOWN) explanations beside the question to the index. Everybody with a history among the best by profile is
    given their points as well, so two lists never give one pair two scores.
    """
    if not known:
        return index.suggest(query)
    asked = replace(query, known=query.known | {one.key for one in known})
    answer = index.suggest(asked)
    partners = _lifted(index.explain_each(asked, [one.key for one in known], MOST_KNOWN), known)
    keys = {one.key for one in partners}
    others = [one for one in answer.suggestions if one.key not in keys]
    return replace(answer, suggestions=tuple(merged(partners, others)[: max(query.limit, 0)]))


def explain(index: Answering, query: Query, key: int, known: Sequence[Known]) -> Suggestion | None:
    """Explain one candidate as they stand in the list of :func:`blend`; None if they don't pass the filters."""
    asked = replace(query, known=query.known | {one.key for one in known})
    if any(one.key == key for one in known):
        partners = _lifted(index.explain_each(asked, [one.key for one in known], MOST_KNOWN), known)
        found = next((one for one in partners if one.key == key), None)
        if found is not None:
            return found
    return next(iter(index.explain_each(asked, [key], 1)), None)


def lifts(scores: Sequence[int]) -> list[int]:
    """Return the least points that put `scores` into descending order, each place at least as many as the next.

    Parameters
    ----------
    scores
        By the profiles alone, in the order of the history.

    >>> lifts([300, 500, 400])
    [301, 100, 100]
    >>> [score + points for score, points in zip([300, 500, 400], lifts([300, 500, 400]))]
    [601, 600, 500]
    """
    found: list[int] = []
    for place in range(len(scores) - 1, -1, -1):
        above = found[-1] + scores[place + 1] - scores[place] + 1 if found else LEAST_POINTS
        found.append(max(above, found[-1] if found else LEAST_POINTS))
    return found[::-1]


def merged(partners: Sequence[Suggestion], others: Sequence[Suggestion]) -> list[Suggestion]:
    """Return both in one list by their scores, each of the two in the order it had; of equals a partner comes first."""
    found: list[Suggestion] = []
    waiting = list(others)[::-1]
    for one in partners:
        while waiting and waiting[-1].score > one.score:
            found.append(waiting.pop())
        found.append(one)
    return [*found, *waiting[::-1]]


def _lifted(found: Sequence[Suggestion], known: Sequence[Known]) -> list[Suggestion]:
    """Return the suggestions with the contribution of the history, which counts in both directions."""
    said: Mapping[int, Known] = {one.key: one for one in known}
    lifted = []
    for one, points in zip(found, lifts([one.score for one in found]), strict=True):
        history = Contribution(CRITERION, points, said[one.key].evidence)
        lifted.append(
            replace(
                one,
                score=one.score + points,
                contributions=(history, *one.contributions),
                other=(history, *one.other) if one.other else (),
            )
        )
    return lifted
