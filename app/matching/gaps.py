"""What would change a list: each count comes from running the query again with one facet changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.matching import criteria
from app.matching.criteria import Speaks
from app.matching.facets import LEVEL_NAMES, Activity, speech_key
from app.matching.filters import Field
from app.matching.query import Gap, Message, Query, Value

_MOST = 5
_MOST_OF_A_FACET = 2
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


def list_gaps(fields: Sequence[Field]) -> tuple[Gap, ...]:
    """Return what could be changed to have more, the most helpful first, after what should be said at all."""
    unsaid = tuple(Gap(message) for message in _unsaid(fields[0].query))
    counted = (_counted(fields, change) for change in _changes(fields[0]))
    helpful = sorted((gap for gap in counted if gap.adds), key=lambda gap: (-(gap.adds or 0), str(gap.change)))
    kept: list[Gap] = []
    for gap in helpful:
        facet = gap.change and gap.change["facet"]
        if sum(1 for one in kept if one.change and one.change["facet"] == facet) < _MOST_OF_A_FACET:
            kept.append(gap)
    return (*unsaid, *kept)[:_MOST]


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
    facet, code = change["facet"], str(change.get("code", ""))
    if facet == "language":
        speaks: Speaks = criteria.working_languages(apply_change(fields[0].query, change).profile.languages)
        adds = sum(field.adds_speaking(speaks) for field in fields)
    else:
        features = _relevant(str(facet), code)
        adds = sum(field.adds_relevant(features) for field in fields)
    return Gap(_message(change, adds), adds, change)


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
