"""A suggestion from the query to the answer: filter, score both ways, arrange, explain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.matching import gaps, ranking, weights
from app.matching.explain import Explainer
from app.matching.exposure import GROUPS, REGIONS, Listing, Placed, measure
from app.matching.facets import Profile
from app.matching.filters import Field
from app.matching.query import Answer, Query, Suggestion
from app.matching.scoring import Found, best_one_way, best_two_ways, score_rows
from app.matching.segment import Bitmap, count_bits, country_name
from app.matching.side import Side, partners

if TYPE_CHECKING:
    from app.matching.index import Snapshot


class Counted(Protocol):
    """Where all who are there are counted: a snapshot, or what stands for one."""

    def fields(self, query: Query, profile: Profile | None = None) -> list[Field]:
        """Return the segments as `profile` sees them, the asker unless said otherwise."""


Shortlist = list[tuple[Field, Found]]
"""The best of each segment, by descending score over all of them: one candidate each."""


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
        suggestions=explained(chosen, query.kind),
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
        scored = score_rows(field, query.kind, here)
        explainer = Explainer(field, query.kind, scored)
        found.update({int(key): explainer.suggestion(at) for at, key in enumerate(scored.key)})
    return tuple(found[key] for key in chosen)


def shortlist(fields: Sequence[Field], query: Query) -> Shortlist:
    """Return the exact best of all segments, more than are shown, by descending score."""
    best = best_one_way if query.guest else best_two_ways
    count = max(query.limit, 0) * weights.SHORTLIST
    if not count:
        return []
    return merged([(one, best(one, one.passing, query.kind, count, query.seed)) for one in fields], count, query.seed)


def merged(parts: Sequence[tuple[Field, Found]], count: int, seed: int) -> Shortlist:
    """Put the best of several segments into one order."""
    single = [(field, one) for field, found in parts for one in found.each()]
    if not single:
        return []
    whole = Found.stacked([found for _, found in single])
    return [single[at] for at in whole.order(seed)[:count].tolist()]


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
    both = list(zip(fields, fitting or [one.passing for one in fields], strict=True))
    regions = {
        region: sum(count_bits(them & one.segment.union(one.find(f"p:{region}"))) for one, them in both)
        for region in REGIONS
    }
    tags = sorted({tag for one in fields for tag in one.side.speaks})
    return Fitting(
        regions,
        {tag: sum(_count_speaking(one, them, tag) for one, them in both) for tag in tags},
        {code: sum(count_bits(them & one.groups[code]) for one, them in both) for code in GROUPS},
    )


def arranged(best: Shortlist, query: Query, fitting: Fitting) -> Shortlist:
    """Choose and order what is shown, balancing regions and languages over all who pass."""
    if not best:
        return []
    entries = [_entry(at, field, found) for at, (field, found) in enumerate(best)]
    there, spoken = {entry.region for entry in entries}, {entry.language for entry in entries}
    regions = {region: count for region, count in fitting.regions.items() if region in there}
    languages = {tag: count for tag, count in fitting.languages.items() if tag in spoken}
    return [best[entry.position] for entry in ranking.arrange(entries, query.limit, regions, languages, query.owed)]


def measured(best: Shortlist, chosen: Shortlist, fitting: Fitting, total: int) -> Listing:
    """Measure what a list gives each region, language and group of countries."""
    placed = [
        Placed(
            attention=ranking.exposure(place),
            score=found.first_score,
            region=_region(field, int(found.row[0])),
            languages=frozenset(field.common_languages(int(found.row[0]))),
            groups=field.groups_of(int(found.row[0])),
        )
        for place, (field, found) in enumerate(chosen)
    ]
    elsewhere = total - sum(fitting.regions.values())
    scores = [found.first_score for _, found in best]
    return measure(placed, scores, {**fitting.regions, "": elsewhere}, fitting.languages, total, fitting.groups)


def explained(chosen: Shortlist, kind: str) -> tuple[Suggestion, ...]:
    """Return the chosen candidates with reasons and gaps, in their order."""
    found: dict[int, Suggestion] = {}
    for field in {id(field): field for field, _ in chosen}.values():
        own = Found.stacked([one for other, one in chosen if other is field])
        explainer = Explainer(field, kind, own)
        found.update({int(own.key[at]): explainer.suggestion(at) for at in range(len(own))})
    return tuple(found[int(one.key[0])] for _, one in chosen)


def _entry(position: int, field: Field, found: Found) -> ranking.Entry:
    row, kept = int(found.row[0]), field.segment.columns
    common = field.common_languages(row)
    return ranking.Entry(
        position=position,
        score=found.first_score,
        region=_region(field, row),
        language=next(iter(common), ""),
        country=country_name(int(kept.country[row])) or "",
    )


def _region(field: Field, row: int) -> str:
    """Return the broad region of a candidate, empty for none."""
    region = int(field.segment.columns.region[row])
    return f"{region:03d}" if region else ""


def _count_speaking(field: Field, fitting: Bitmap, tag: str) -> int:
    spoken = partners({tag: field.side.speaks[tag]}, field.side.vocabulary)
    features = (number for level in spoken.values() for number in level)
    return count_bits(fitting & field.segment.union(features))
