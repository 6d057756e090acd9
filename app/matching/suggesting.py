"""A suggestion from the query to the answer: filter, score both ways, arrange, explain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from app.matching import gaps, ranking, weights
from app.matching.explain import Explainer
from app.matching.exposure import GROUPS, REGIONS, Listing, Placed, measure
from app.matching.facets import Profile
from app.matching.filters import Field
from app.matching.found import Found
from app.matching.query import Answer, Query, Suggestion
from app.matching.scoring import best_one_way, best_two_ways, score_rows
from app.matching.segment import Bitmap, country_name
from app.matching.side import Side, partners
from app.matching.vocabulary import Ints

if TYPE_CHECKING:
    from app.matching.index import Snapshot


class Counted(Protocol):
    """Where all who are there are counted: a snapshot, or what stands for one."""

    def fields(self, query: Query, profile: Profile | None = None) -> list[Field]:
        """Return the segments as `profile` sees them, the asker unless said otherwise."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best of all segments, by descending score over all of them.

    Attributes
    ----------
    fields, within
        The segments, and of which each candidate is; shape (found,).
    """

    fields: Sequence[Field]
    within: Ints
    found: Found

    def __len__(self) -> int:
        return len(self.found)

    def take(self, places: Sequence[int]) -> "Shortlist":
        """Return those at some places, in their order."""
        chosen = np.array(places, np.int64)
        return Shortlist(self.fields, self.within[chosen], self.found.take(chosen))

    def by_field(self) -> Iterator[tuple[Field, Ints, Found]]:
        """Yield for each segment that has any: it, their places here, and they."""
        if not self.within.any() and self.fields:  # nearly always all are of the base
            yield self.fields[0], np.arange(len(self)), self.found
            return
        for number in np.unique(self.within).tolist():
            places = np.flatnonzero(self.within == number)
            yield self.fields[number], places, self.found.take(places)


def suggest(snapshot: "Snapshot", query: Query, counted: Counted | None = None) -> Answer:
    """Answer a query for peers, collaborators or institutions.

    Parameters
    ----------
    snapshot
        Holds at least the best candidates.
    counted
        Where all who are there are counted, if `snapshot` holds only some of them; there nobody need have more than
        their place in the lists of features.
    """
    fields = snapshot.fields(query)
    counting = fields if counted is None else counted.fields(query)
    best = shortlist(fields, query)
    fitting = fitting_groups(counting)
    chosen = arranged(best, query, fitting)
    total = sum(field.count() for field in counting)
    return Answer(
        suggestions=explained(chosen) if query.reasons else bare(chosen.found),
        total=total,
        gaps=gaps.list_gaps(counting, lambda profile: Side.of(profile, snapshot.vocabulary, snapshot.rarity)),
        hidden_by_language=sum(field.count_hidden_by_language() for field in counting),
        exposure=measured(best, chosen, fitting, total),
    )


def explain(snapshot: "Snapshot", query: Query, key: int) -> Suggestion | None:
    """Explain one candidate, whether or not they are among the best; None if they don't pass the filters."""
    return next(iter(explain_each(snapshot, query, (key,), 1)), None)


def explain_each(snapshot: "Snapshot", query: Query, keys: Sequence[int], most: int) -> tuple[Suggestion, ...]:
    """Explain the first `most` of `keys` who pass the filters, in their order, whether or not they are the best."""
    passing: dict[int, tuple[Field, int]] = {}
    for field in snapshot.fields(query):
        rows = field.segment.find_rows(set(keys))
        rows = rows[(field.passing[rows >> 3] >> (rows & 7).astype(np.uint8) & 1).astype(np.bool_)]
        passing.update({int(field.segment.columns.key[row]): (field, int(row)) for row in rows})
    chosen = [key for key in dict.fromkeys(keys) if key in passing][:most]
    found: dict[int, Suggestion] = {}
    for field in {id(passing[key][0]): passing[key][0] for key in chosen}.values():
        here = np.array([passing[key][1] for key in chosen if passing[key][0] is field], np.int64)
        scored = score_rows(field, here)
        said = map(Explainer(field, scored).suggestion, range(len(scored)))
        found.update((one.key, one) for one in (said if query.reasons else bare(scored)))
    return tuple(found[key] for key in chosen)


def shortlist(fields: Sequence[Field], query: Query) -> Shortlist:
    """Return the exact best of all segments, more than are shown, by descending score."""
    best = best_one_way if query.guest else best_two_ways
    count = max(query.limit, 0) * weights.SHORTLIST
    if not count:
        return NOBODY
    return merged([(one, best(one, one.passing, count)) for one in fields], count, query.seed)


NOBODY = Shortlist((), np.zeros(0, np.int64), Found.nobody())


def merged(parts: Sequence[tuple[Field, Found]], count: int, seed: int) -> Shortlist:
    """Put the best of several segments, each in order, into one order."""
    fields = [field for field, _ in parts]
    there = [number for number, (_, found) in enumerate(parts) if len(found)]
    within = np.repeat(np.array(there, np.int64), [len(parts[number][1]) for number in there])
    if len(there) == 1:
        return Shortlist(fields, within[:count], parts[there[0]][1].take(slice(count)))
    found = Found.stacked([found for _, found in parts])
    order = found.order(seed)[:count]
    return Shortlist(fields, within[order], found.take(order))


@dataclass(frozen=True, slots=True)
class Fitting:
    """How many of all who fit belong to each broad region and group of countries, and can be talked to in each
    language of the asker."""

    regions: Mapping[str, int]
    languages: Mapping[str, int]
    groups: Mapping[str, int]


def fitting_groups(fields: Sequence[Field], fitting: Sequence[Bitmap] | None = None) -> Fitting:
    """Count the groups that exposure is balanced over or measured by; O(profiles / 64) for each.

    `fitting` are those of each of `fields` who fit: who pass, unless said otherwise.
    """
    tags = sorted({tag for one in fields for tag in one.side.speaks})
    sums = [0] * (len(REGIONS) + len(tags) + len(GROUPS))
    for one, them in zip(fields, fitting or [one.passing for one in fields], strict=True):
        features = [one.find(f"p:{region}") for region in REGIONS]
        features += [_speaking(one, tag) if tag in one.side.speaks else [] for tag in tags]
        features += [one.find(f"k:of:{code}") for code in GROUPS]
        sums = [sum(both) for both in zip(sums, one.segment.counts(them, features), strict=True)]
    counts = iter(sums)
    return Fitting(*(dict(zip(names, counts, strict=False)) for names in (REGIONS, tags, GROUPS)))


def arranged(best: Shortlist, query: Query, fitting: Fitting) -> Shortlist:
    """Choose and order what is shown, balancing regions and languages over all who pass."""
    if not len(best):
        return best
    entries = [
        ranking.Entry(place, one.score, one.region, next(iter(one.common), ""), one.country)
        for place, one in enumerate(_seen(best))
    ]
    there, spoken = {entry.region for entry in entries}, {entry.language for entry in entries}
    regions = {region: count for region, count in fitting.regions.items() if region in there}
    languages = {tag: count for tag, count in fitting.languages.items() if tag in spoken}
    return best.take([one.position for one in ranking.arrange(entries, query.limit, regions, languages, query.owed)])


class _Seen(NamedTuple):
    """What decides the place of a candidate, and what is measured of it."""

    score: int
    region: str
    common: Mapping[str, tuple[int, int]]
    country: str


def _seen(best: Shortlist) -> list[_Seen]:
    """Look at all of a list at once."""
    seen: dict[int, _Seen] = {}
    for field, places, found in best.by_field():
        kept, rows = field.segment.columns, found.row
        each = zip(
            places.tolist(),
            found.score.tolist(),
            kept.region[rows].tolist(),
            field.common_languages_of(rows),
            kept.country[rows].tolist(),
            strict=True,
        )
        for place, score, region, common, country in each:
            seen[place] = _Seen(score, f"{region:03d}" if region else "", common, country_name(country) or "")
    return [seen[place] for place in range(len(best))]


def measured(best: Shortlist, chosen: Shortlist, fitting: Fitting, total: int) -> Listing:
    """Measure what a list gives each region, language and group of countries."""
    placed = [
        Placed(ranking.exposure(place), one.score, one.region, frozenset(one.common), groups)
        for place, (one, groups) in enumerate(zip(_seen(chosen), _groups(chosen), strict=True))
    ]
    elsewhere = total - sum(fitting.regions.values())
    scores = best.found.score.tolist()
    return measure(placed, scores, {**fitting.regions, "": elsewhere}, fitting.languages, total, fitting.groups)


def _groups(chosen: Shortlist) -> list[frozenset[str]]:
    """Return the groups of countries that those who are shown belong to."""
    groups: dict[int, frozenset[str]] = {}
    for field, places, found in chosen.by_field():
        groups.update(zip(places.tolist(), field.groups_of(found.row), strict=True))
    return [groups[place] for place in range(len(chosen))]


def explained(chosen: Shortlist) -> tuple[Suggestion, ...]:
    """Return the chosen candidates with reasons and gaps, in their order."""
    found: dict[int, Suggestion] = {}
    for field, places, own in chosen.by_field():
        explainer = Explainer(field, own)
        found.update((place, explainer.suggestion(at)) for at, place in enumerate(places.tolist()))
    return tuple(found[place] for place in range(len(chosen)))


def bare(found: Found) -> tuple[Suggestion, ...]:
    """Return candidates with their scores and nothing more, in their order."""
    return tuple(
        Suggestion(key, score, ()) for key, score in zip(found.key.tolist(), found.score.tolist(), strict=True)
    )


def _speaking(field: Field, tag: str) -> list[int]:
    """Return the features of those who can talk to the asker in a language."""
    spoken = partners({tag: field.side.speaks[tag]}, field.side.vocabulary)
    return [number for level in spoken.values() for number in level]
