"""The order in which a shortlist is shown: diverse, and fair to regions and languages; never the score."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2
from typing import NamedTuple

from app.matching import weights
from app.matching.exposure import NOTHING_OWED, Owed

_TOP = 1000  # exposure of the first place
_REPEATED_COUNTRY = 250
_SCORE = 500
_NEVER = 1 << 40


class Entry(NamedTuple):
    """A candidate of the shortlist: what decides its place.

    Attributes
    ----------
    position
        Its place by score.
    region, language
        What exposure is balanced over: the broad region, and the best common working language.
    country
        What shouldn't be repeated while others are as good.
    """

    position: int
    score: int
    region: str = ""
    language: str = ""
    country: str = ""


@lru_cache(maxsize=4096)
def exposure(place: int) -> int:
    """Return the attention a place of the list gets, in thousandths of the first (discounted as in DCG).

    >>> exposure(0), exposure(1), exposure(19)
    (1000, 631, 228)
    """
    return round(_TOP / log2(place + 2))


def least_shown(best: int) -> int:
    """Return the least score that may be shown where `best` is still open.

    >>> least_shown(400), least_shown(-100)
    (360, -110)
    """
    return best - abs(best) * weights.GIVEN_UP_PERCENT // 100


def arrange(
    shortlist: Sequence[Entry],
    limit: int,
    regions: Mapping[str, int] | None = None,
    languages: Mapping[str, int] | None = None,
    owed: Owed = NOTHING_OWED,
) -> list[Entry]:
    """Choose and order at most `limit` entries of `shortlist`.

    At each place, of those whose score is at least 90 % of the best one still open, take the one whose region and
    language are furthest behind their share of the exposure so far, whose country is new, and whose score is high.
    So at each place at most 10 % of the best score still open is given up, and nothing when all scores differ more.
    Of positive scores it follows that the whole list gives up at most 10 % of the relevance of the best one: with k
    places taken, one of the k + 1 best is still open, so what is shown there has at least 90 % of the score of the
    (k + 1)-th best. That holds whatever is owed.

    Parameters
    ----------
    shortlist
        The exact best, by descending score.
    regions, languages
        How many of all who pass the filters belong to each: exposure is to follow these shares. Without them, those of
        the shortlist.
    owed
        With what balance the list begins: what earlier lists gave each group less, or more, than its due.

    Notes
    -----
    O(len(shortlist) * limit). Greedy re-ranking towards exposure in proportion to the share among the eligible, after
    Singh and Joachims 2018 and Geyik et al. 2019; repeated countries are charged as in maximal marginal relevance
    (Carbonell and Goldstein 1998). Integers only.

    >>> two = [Entry(0, 400, "150"), Entry(1, 399, "150"), Entry(2, 390, "002")]
    >>> [entry.position for entry in arrange(two, 3, {"150": 1, "002": 1})]
    [0, 2, 1]
    """
    rest = list(shortlist)
    chosen: list[Entry] = []
    by_region = _Balance([one.region for one in rest], regions, owed.regions)
    by_language = _Balance([one.language for one in rest], languages, owed.languages)
    repeated = dict.fromkeys([one.country for one in rest], 0)
    while rest and len(chosen) < limit:
        place = exposure(len(chosen))
        taken = rest.pop(_worthiest(rest, by_region.behind(place), by_language.behind(place), repeated))
        chosen.append(taken)
        repeated[taken.country] += _REPEATED_COUNTRY if taken.country else 0
        by_region.give(taken.region, place)
        by_language.give(taken.language, place)
    return chosen


def _worthiest(
    rest: Sequence[Entry], region: Mapping[str, int], language: Mapping[str, int], repeated: Mapping[str, int]
) -> int:
    """Return the place in `rest` (by descending score) of the one to show next."""
    best = rest[0].score
    floor = least_shown(best)
    span = max(best - floor, 1)
    at, most = 0, -_NEVER
    for number, (_, score, where, tongue, country) in enumerate(rest):
        if score < floor:
            break
        worth = region[where] + language[tongue] + _SCORE * (score - floor) // span - repeated[country]
        if worth > most:
            at, most = number, worth
    return at


class _Balance:
    """How much exposure each group has had, against its share and what it was owed before."""

    def __init__(self, of_each: Sequence[str], shares: Mapping[str, int] | None, owed: Mapping[str, int]) -> None:
        shares = shares or Counter(of_each)
        self.whole = max(sum(shares.values()), 1)
        groups = {*of_each, *shares, *owed}
        self.shares = [(one, shares.get(one, 0)) for one in groups]
        self.balance = {one: owed.get(one, 0) for one in groups}
        self.total = 0

    def behind(self, place: int) -> Mapping[str, int]:
        """Return how far each group would be behind its share once a place is given away."""
        total, whole, balance = self.total + place, self.whole, self.balance
        return {one: share * total // whole + balance[one] for one, share in self.shares}

    def give(self, group: str, place: int) -> None:
        """Give `group` the exposure of a place."""
        self.balance[group] -= place
        self.total += place
