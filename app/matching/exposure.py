"""Who gets the attention that lists give: measured list by list, summed up, and carried over to the next ones.

The attention of a place is discounted as in DCG (:func:`app.matching.ranking.exposure`). A group's *due* is the part of
a list's attention that it has among all who fit that list: a list of Swahili speakers owes nobody in Brazil anything.
What a group was given over many lists less than its due it is *owed*, and the next lists begin with that balance.
Regions exclude each other; whoever shares two languages with the one who asks counts in both, given and due alike.

Sources: exposure in proportion over many rankings, Singh and Joachims 2018; amortised over lists, Biega, Gummadi and
Weikum 2018, of whom the carried balance is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

REGIONS = ("002", "009", "019", "142", "150")
"""The broad M49 regions below the world: Africa, Oceania, the Americas, Asia, Europe."""

GROUPS = ("199", "432", "722")
"""Groups of countries by their M49 codes: least developed, landlocked developing, small island developing ones. Their
shares are measured; nothing is balanced over them, since they overlap one another and the regions."""

OWED_MOST = 600
"""No list begins with a balance of more than so many thousandths of a first place: one list can't pay for hundreds."""
PAID_BACK = 4
"""How many times what a group is behind in a mean list the next ones begin with: paid back in a quarter of the lists it
came about in, since a group that is only ever given the mean back stays behind."""
ENOUGH_LISTS = 20
"""Before so many lists nothing is owed: a few lists are still chance."""

Groups = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Owed:
    """With what balance a list begins: thousandths of a first place each group is behind; negative, if it is ahead."""

    regions: Groups = field(default_factory=dict)
    languages: Groups = field(default_factory=dict)


NOTHING_OWED = Owed()


@dataclass(frozen=True, slots=True)
class Share:
    """What a group was given of the attention, and what was its due, in thousandths of a first place."""

    given: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list gave, or many together.

    Attributes
    ----------
    attention
        All the attention there was.
    regions, languages
        What each group was given of it, and its due. The key ``""`` stands for those whose country isn't known.
    best, shown
        The relevance of the list by score alone and as it was shown: scores times the attention of their places.
    groups
        The same for :data:`GROUPS`; a country may be in several, and most are in none.
    grouped
        The attention of the lists that were measured by groups.
    """

    attention: int = 0
    regions: Mapping[str, Share] = field(default_factory=dict)
    languages: Mapping[str, Share] = field(default_factory=dict)
    best: int = 0
    shown: int = 0
    groups: Mapping[str, Share] = field(default_factory=dict)
    grouped: int = 0

    @property
    def given_up(self) -> float:
        """Return what part of the relevance was given up for diversity and exposure; 0 where there was none.

        >>> Listing(best=1000, shown=950).given_up
        0.05
        """
        return max(self.best - self.shown, 0) / self.best if self.best > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Someone on a list: the attention of their place, their score, and the groups they belong to."""

    attention: int
    score: int
    region: str
    languages: frozenset[str]
    groups: frozenset[str] = frozenset()


def measure(
    placed: Sequence[Placed],
    scores: Sequence[int],
    regions: Groups,
    languages: Groups,
    passing: int,
    groups: Groups | None = None,
) -> Listing:
    """Measure one list.

    Parameters
    ----------
    placed
        Who is shown, in order.
    scores
        The best scores there were, in descending order; at least as many as are shown.
    regions, languages, groups
        How many of those who fit belong to each region, language and group of countries.
    passing
        How many fit.

    >>> two = [Placed(1000, 400, "002", frozenset({"sw"})), Placed(631, 390, "150", frozenset({"sw", "en"}))]
    >>> measure(two, [400, 390], {"002": 1, "150": 3}, {"sw": 4, "en": 2}, 4).regions["002"]
    Share(given=1000, due=407)
    """
    attention = sum(one.attention for one in placed)
    by_region: Counter[str] = Counter()
    by_language: Counter[str] = Counter()
    by_group: Counter[str] = Counter()
    for one in placed:
        by_region[one.region] += one.attention
        by_language.update(dict.fromkeys(one.languages, one.attention))
        by_group.update(dict.fromkeys(one.groups, one.attention))
    return Listing(
        attention=attention,
        regions=_shares(by_region, regions, attention, passing),
        languages=_shares(by_language, languages, attention, passing),
        best=sum(one.attention * score for one, score in zip(placed, scores, strict=False)),
        shown=sum(one.attention * one.score for one in placed),
        groups=_shares(by_group, groups or {}, attention, passing),
        grouped=attention,
    )


def _shares(given: Groups, fitting: Groups, attention: int, passing: int) -> dict[str, Share]:
    groups = sorted({*given, *(group for group, count in fitting.items() if count)})
    return {one: Share(given.get(one, 0), attention * fitting.get(one, 0) // max(passing, 1)) for one in groups}


def added(listings: Iterable[Listing]) -> Listing:
    """Return what several lists gave together.

    >>> added([Listing(10, {"002": Share(10, 4)}), Listing(20, {"002": Share(0, 6)})]).regions["002"]
    Share(given=10, due=10)
    """
    attention = best = shown = grouped = 0
    regions: dict[str, list[int]] = {}
    languages: dict[str, list[int]] = {}
    groups: dict[str, list[int]] = {}
    for one in listings:
        attention, best, shown = attention + one.attention, best + one.best, shown + one.shown
        grouped += one.grouped
        for sums, shares in ((regions, one.regions), (languages, one.languages), (groups, one.groups)):
            for group, share in shares.items():
                known = sums.setdefault(group, [0, 0])
                known[0] += share.given
                known[1] += share.due
    return Listing(attention, _summed(regions), _summed(languages), best, shown, _summed(groups), grouped)


def _summed(sums: Mapping[str, Sequence[int]]) -> dict[str, Share]:
    return {group: Share(given, due) for group, (given, due) in sorted(sums.items())}


def owed_after(whole: Listing, lists: int) -> Owed:
    """Return with what balance the next list begins after so many: what each group is behind in a mean list, times 4.

    >>> owed_after(Listing(90_000, {"002": Share(10_000, 30_000), "150": Share(80_000, 60_000)}), 100).regions
    {'002': 600, '150': -600}
    >>> owed_after(Listing(9000, {"002": Share(0, 9000)}), 2).regions
    {}
    """
    if lists < ENOUGH_LISTS:
        return NOTHING_OWED
    return Owed(_behind(whole.regions, lists), _behind(whole.languages, lists))


def _behind(shares: Mapping[str, Share], lists: int) -> dict[str, int]:
    means = {group: round(PAID_BACK * (share.due - share.given) / lists) for group, share in shares.items() if group}
    return {group: max(-OWED_MOST, min(OWED_MOST, mean)) for group, mean in means.items() if mean}
