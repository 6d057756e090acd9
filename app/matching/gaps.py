"""What would change a list: how many and whom comes from running the query again with one facet changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from app.matching import criteria
from app.matching.criteria import Speaks
from app.matching.facets import LEVEL_NAMES, Activity, Profile, speech_key
from app.matching.filters import Field
from app.matching.query import Gap, Message, Query, Value
from app.matching.scoring import Found, score_rows
from app.matching.segment import Bitmap, count_bits
from app.matching.side import Side
from app.matching.vocabulary import Ints

_MOST = 5
_MOST_COUNTED = 3
_MOST_OF_A_FACET = 2
_TRIED = 48  # changes that are counted at most: a union and a count of bits each
_LOOKED_AT = 32  # bytes of a bitmap, evenly spread, in which those to be named are sought where very many would come
_USUAL_DEMAND = 3  # B1, what is accepted unless said otherwise
_LEAST_DEMAND = 2  # A2: below, work isn't possible
_EXCHANGING = ("collaborators", "institutions")

Change = Mapping[str, Value]


def apply_change(query: Query, change: Change) -> Query:
    """Return the query with the facet changed as a gap says, so that it can be run again.

    >>> from app.matching.facets import Profile
    >>> apply_change(Query(Profile(1, "person")), {"facet": "level", "code": "2"}).profile.levels
    ('2',)
    """
    profile, facet, code = query.profile, change["facet"], str(change.get("code", ""))
    if facet == "language":
        tag, accepts = change["tag"], int(str(change["accepts"]))
        languages = tuple(
            replace(one, accepts=min(one.accepts, accepts)) if speech_key(one.tag) == tag else one
            for one in profile.languages
        )
        return replace(query, profile=replace(profile, languages=languages))
    if facet == "level":
        return replace(query, profile=replace(profile, levels=(*profile.levels, code)))
    if facet == "subject":
        return replace(query, profile=replace(profile, subjects=(*profile.subjects, code)))
    if facet == "need":
        return replace(query, profile=replace(profile, needs=(*profile.needs, Activity(code))))
    return replace(query, profile=replace(profile, offers=(*profile.offers, Activity(code))))


def list_gaps(fields: Sequence[Field], encode: Callable[[Profile], Side] | None = None) -> tuple[Gap, ...]:
    """Return what could be changed to have more, the most helpful first, after what should be said at all.

    Parameters
    ----------
    fields
        The segments as the one who asks sees them.
    encode
        Makes a side of a changed profile; without it nobody is named.

    Notes
    -----
    At most 48 changes are counted, and at most three are told. Whom a change adds is worked out for those alone, over
    all it adds where they stand in at most 32 bytes of the bitmap, else over an even sample of them: O(features of
    some hundred profiles) whatever the size of the index.
    """
    unsaid = tuple(Gap(message) for message in _unsaid(fields[0].query))
    counted = (_counted(fields, change) for change in islice(_changes(fields[0]), _TRIED))
    helpful = sorted((gap for gap in counted if gap.adds), key=lambda gap: (-(gap.adds or 0), str(gap.change)))
    kept: list[Gap] = []
    for gap in helpful:
        facet = gap.change and gap.change["facet"]
        if sum(1 for one in kept if one.change and one.change["facet"] == facet) < _MOST_OF_A_FACET:
            kept.append(gap)
    told = (*unsaid, *kept[:_MOST_COUNTED])[:_MOST]
    if encode is None or not fields[0].query.named:
        return told
    return tuple(gap if gap.change is None else replace(gap, who=_whom(fields, gap.change, encode)) for gap in told)


def _unsaid(query: Query) -> Iterable[Message]:
    profile = query.profile
    if not criteria.working_languages(profile.languages):
        yield Message("gap.say.language")
    if not profile.subjects:
        yield Message("gap.say.subject")
    if not profile.levels:
        yield Message("gap.say.level")
    if query.kind == "collaborators":
        if not profile.country:
            yield Message("gap.say.country")
        if not profile.needs:
            yield Message("gap.say.need")


def _changes(field: Field) -> Iterable[Change]:
    query, profile = field.query, field.query.profile
    for tag, (_, accepts) in field.side.speaks.items():
        lower = _USUAL_DEMAND if accepts > _USUAL_DEMAND else accepts - 1
        if lower >= _LEAST_DEMAND:
            yield {"facet": "language", "tag": tag, "accepts": lower}
    near = {code for level in profile.levels for code in criteria.adjacent_levels(level)}
    for code in sorted(near - set(profile.levels)):
        yield {"facet": "level", "code": code}
    for code in sorted({code[:2] for code in profile.subjects} - set(profile.subjects)):
        yield {"facet": "subject", "code": code}
    if query.kind in _EXCHANGING:
        for facet, said in (("need", profile.needs), ("offer", profile.offers)):
            for code in sorted(field.side.vocabulary.activities() - {one.code for one in said}):
                yield {"facet": facet, "code": code}


def _counted(fields: Sequence[Field], change: Change) -> Gap:
    """Run the count with one facet changed, over those it can change: the other filters aren't run again."""
    adds = sum(count_bits(bitmap) for bitmap in _added(fields, change))
    return Gap(_message(change, adds), adds, change)


def _added(fields: Sequence[Field], change: Change) -> list[Bitmap]:
    """Return for each segment who would pass with one facet changed, and doesn't now."""
    facet, code = change["facet"], str(change.get("code", ""))
    if facet == "language":
        speaks: Speaks = criteria.working_languages(apply_change(fields[0].query, change).profile.languages)
        return [field.added_speaking(speaks) for field in fields]
    features = _relevant(str(facet), code)
    return [field.added_relevant(features) for field in fields]


def _whom(fields: Sequence[Field], change: Change, encode: Callable[[Profile], Side]) -> tuple[int, ...]:
    """Return the best of those a change adds, as the changed query scores them."""
    query = apply_change(fields[0].query, change)
    if change["facet"] == "language":  # what counts by features stays the same, so only what is spoken is new
        speaks = criteria.working_languages(query.profile.languages)
        side = replace(fields[0].side, profile=query.profile, speaks=speaks)
    else:
        side = encode(query.profile)
    parts = []
    for field, added in zip(fields, _added(fields, change), strict=True):
        segment, rows = field.segment.part(_some_rows(added))
        changed = Field(segment, segment.everyone(), side, query)
        if segment is field.segment and change["facet"] != "language":
            changed.language_tiers = field.language_tiers  # the languages are the same, and needn't be found again
        parts.append(score_rows(changed, query.kind, rows))
    return tuple(Found.stacked(parts).best(query.named, query.seed).key.tolist())


def _some_rows(bitmap: Bitmap) -> Ints:
    """Return the rows of a bitmap, or of an even sample of its bytes where it has many."""
    at = np.flatnonzero(bitmap)
    at = at[:: -(-len(at) // _LOOKED_AT) or 1]
    bits = np.unpackbits(bitmap[at], bitorder="little").reshape(-1, 8)
    byte, bit = np.nonzero(bits)
    return np.asarray(at[byte] * 8 + bit, np.int64)


def _relevant(facet: str, code: str) -> Sequence[str]:
    if facet == "level":
        return criteria.level_has((code,))
    if facet == "subject":
        return sorted(criteria.subject_relevant((code,)))
    wanted = criteria.activities_want("o" if facet == "need" else "n", (Activity(code),))
    return [feature for feature, _ in wanted]


def _message(change: Change, adds: int) -> Message:
    facet, code = change["facet"], change.get("code")
    if facet == "language":
        level = LEVEL_NAMES[int(str(change["accepts"]))]
        return Message("gap.accept.language", {"tag": change["tag"], "level": level, "adds": adds})
    if facet == "level":
        return Message("gap.add.level", {"level": code, "adds": adds})
    if facet == "subject":
        return Message("gap.broaden.subject", {"code": code, "adds": adds})
    return Message(f"gap.add.{facet}", {"activity": code, "adds": adds})
