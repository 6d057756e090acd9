"""What would change a list: how many and whom comes from running the query again with one facet changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from operator import itemgetter

import numpy as np

from app.matching import criteria
from app.matching.facets import LEVEL_NAMES, Activity, Profile, speech_key
from app.matching.filters import Field
from app.matching.found import Found
from app.matching.query import Gap, Message, Query, Value
from app.matching.scoring import score_rows
from app.matching.segment import Bitmap
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
    changes = list(islice(_changes(fields[0]), _TRIED))
    counted = zip(_adds(fields, changes), changes, strict=True)
    helpful = [(-adds, str(change), change) for adds, change in counted if adds]
    kept: list[Gap] = []
    facets: Counter[Value] = Counter()
    for less, _, change in sorted(helpful, key=itemgetter(0, 1)):
        facets[change["facet"]] += 1
        if facets[change["facet"]] <= _MOST_OF_A_FACET and len(kept) < _MOST_COUNTED:
            kept.append(Gap(_message(change, -less), -less, change))
    told = (*unsaid, *kept)[:_MOST]
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


def _adds(fields: Sequence[Field], changes: Sequence[Change]) -> list[int]:
    """Count how many more would pass with each change, over those it can change: the other filters aren't run again."""
    features = [_features(fields[0], change) for change in changes]
    adds = [0] * len(changes)
    spoken = [at for at, change in enumerate(changes) if change["facet"] == "language"]
    others = [at for at, change in enumerate(changes) if change["facet"] != "language"]
    for field in fields:
        for places, base in ((spoken, field.hidden), (others, field.unrelated)):
            counts = field.segment.counts(base, [features[at] for at in places]) if places else ()
            for at, count in zip(places, counts, strict=True):
                adds[at] += count
    return adds


def _features(field: Field, change: Change) -> list[int]:
    """Return the features of which one is enough to pass once a facet is changed."""
    if change["facet"] == "language":
        return field.new_speakers(criteria.working_languages(apply_change(field.query, change).profile.languages))
    return field.find(*_relevant(str(change["facet"]), str(change.get("code", ""))))


def _added(fields: Sequence[Field], change: Change) -> list[Bitmap]:
    """Return for each segment who would pass with one facet changed, and doesn't now."""
    features = _features(fields[0], change)
    if change["facet"] == "language":
        return [field.hidden & field.segment.union(features) for field in fields]
    return [field.unrelated & field.segment.union(features) for field in fields]


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
        parts.append(score_rows(changed, rows))
    return tuple(Found.stacked(parts).best(query.named, query.seed).key.tolist())


def _some_rows(bitmap: Bitmap) -> Ints:
    """Return the rows of a bitmap, or of an even sample of its bytes where it has many."""
    at = np.flatnonzero(bitmap)
    at = at[:: -(-len(at) // _LOOKED_AT) or 1]
    bits = np.unpackbits(bitmap[at], bitorder="little").reshape(-1, 8)
    byte, bit = np.nonzero(bits)
    return np.asarray(at[byte] * 8 + bit, np.int64)


@lru_cache(maxsize=4096)
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
