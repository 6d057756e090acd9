"""Suggesting: the question, the answer of the match index, and the last look before anything is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.core.actor import GUEST, Actor
from app.core.errors import NotFound
from app.features.profiles.models import Profile
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.relations.queries import list_blocked_ids
from app.features.suggestions.queries.exposure import find_owed
from app.features.suggestions.queries.marks import list_excluded_ids
from app.features.suggestions.queries.models import find_model
from app.features.suggestions.queries.rows import list_matchable_ids, load_asking, load_matchable
from app.features.suggestions.services import blending
from app.features.suggestions.services.dismissing import check_asking
from app.features.suggestions.services.keeping import keeper_of
from app.matching import facets
from app.matching.criteria import common_languages, working_languages
from app.matching.exposure import Listing
from app.matching.partnerships.blending import CRITERION
from app.matching.query import Answer, Gap, Kind, Query, Suggestion

MOST = 100
# How often the list is filled up when the last look took someone out of it.
_ROUNDS = 3
# So many of those a change would add are named; some more are asked for, since not everyone may be named to everyone.
NAMED = 3
_ASKED_FOR = 8


@dataclass(frozen=True, slots=True)
class Suggested:
    """Someone suggested, as this viewer may see them, with the score, its reasons and gaps."""

    view: ProfileView
    match: Suggestion


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A list of suggestions of a kind, best first, and what would change it.

    ``total`` is how many fit at all; ``hidden_by_language`` how many would, but for a common working language;
    ``partial`` whether a part of those who are here could not be looked at.
    ``added`` are those of whom a gap may tell that its change would bring them, by key.
    """

    kind: Kind
    asking: facets.Profile
    items: tuple[Suggested, ...]
    total: int
    gaps: tuple[Gap, ...]
    hidden_by_language: int
    target: facets.Profile | None = None
    added: Mapping[int, ProfileView] = field(default_factory=dict)
    exposure: Listing | None = None
    partial: bool = False

    @property
    def by_history(self) -> bool:
        """Whether a history of partnerships had a say in the order."""
        return any(part.criterion == CRITERION for item in self.items for part in item.match.contributions)

    def whom(self, gap: Gap) -> list[ProfileView]:
        """Some of those the change of a gap would add, of those whose name is open to the viewer."""
        return [self.added[key] for key in gap.who if key in self.added][:NAMED]


def suggest(
    session: Session,
    actor: Actor,
    profile: Profile,
    kind: Kind,
    limit: int = 20,
    target: Profile | None = None,
    named: bool = True,
) -> Suggestions:
    """Whom ``profile`` could meet. Page, API and command line all come here, so they all say the same.

    ``target``: for bridges, the one to be reached. ``named``: whether those whom a change would add are named. Raises
    `Forbidden` unless the actor may ask for this profile.
    """
    check_asking(session, actor, profile)
    asking = load_asking(session, profile.id)
    if asking is None:
        raise NotFound
    aim = _aim(session, actor, profile, target) if target is not None else None
    query = Query(
        asking,
        kind,
        target=aim,
        exclude=frozenset(list_excluded_ids(session, profile.id)),
        limit=max(1, min(limit, MOST)),
        seed=profile.id,
        owed=find_owed(session),
        named=_ASKED_FOR if named else 0,
        model=find_model(session),
    )
    blocked = list_blocked_ids(session, profile.id)
    # For an institution, whoever it blocked is as little there as whom the person blocked.
    return _answer(session, actor, query, lambda ids: [i for i in ids if i not in blocked])


def suggest_to_guest(session: Session, asking: facets.Profile, limit: int = 6) -> Suggestions:
    """The best peers for someone without a profile: only what everybody may see, and one direction."""
    query = Query(asking, "peers", guest=True, limit=max(1, min(limit, MOST)), model=find_model(session))
    return _answer(session, GUEST, query, list)


def count_for_guest(session: Session, asking: facets.Profile) -> int:
    """How many peers there are for someone without a profile."""
    return keeper_of(session).count(Query(asking, "peers", guest=True))


def count_for_members(session: Session, asking: facets.Profile) -> int:
    """How many peers someone without a profile would have as a member: a number, nothing about anybody."""
    return keeper_of(session).count(Query(asking, "peers"))


@dataclass(frozen=True, slots=True)
class Pair:
    """What is between two profiles: why the other suits the one, if it does, and whether they may share a language."""

    match: Suggestion | None
    share_language: bool


def explain_pair(session: Session, actor: Actor, profile: Profile, other: Profile) -> Pair | None:
    """Why ``other`` suits ``profile``, whether or not it stands on a list; None where nothing may be said of it."""
    check_asking(session, actor, profile)
    asking, met = load_asking(session, profile.id), load_matchable(session, [other.id])
    if asking is None or not met or other.id in list_blocked_ids(session, profile.id):
        return None
    kinds: tuple[Kind, ...] = ("institutions",) if other.kind == facets.INSTITUTION else ("peers", "collaborators")
    model = find_model(session)
    matches = (blending.explain(session, actor, Query(asking, kind, model=model), other.id) for kind in kinds)
    mine, theirs = working_languages(asking.languages), working_languages(met[0].languages)
    # Where one hasn't said any language, nobody knows.
    shared = bool(common_languages(mine, theirs)) or not mine or not theirs
    return Pair(next((match for match in matches if match), None), shared)


def _aim(session: Session, actor: Actor, profile: Profile, target: Profile) -> facets.Profile:
    """The other side of a bridge, as others may match it; `NotFound` where it may not be matched by this actor."""
    known = {view.id for view in present_many(session, actor, [target.id])}
    if target.id == profile.id or target.id not in known & list_matchable_ids(session, [target.id]):
        raise NotFound
    return load_matchable(session, [target.id])[0]


def _answer(session: Session, actor: Actor, query: Query, allowed: Callable[[Sequence[int]], list[int]]) -> Suggestions:
    """Ask the index, look again at who may be shown, and fill up where someone fell out."""
    exclude = set(query.exclude)
    for _round in range(_ROUNDS):
        answer = blending.answer(session, actor, replace(query, exclude=frozenset(exclude)))
        keys = [found.key for found in answer.suggestions]
        added = {key for gap in answer.gaps for key in gap.who}
        open_now = list_matchable_ids(session, {*keys, *added}, query.kind, query.guest)
        shown = present_many(session, actor, allowed(sorted(open_now)))
        views = {view.id: view for view in shown}
        gone = set(keys) - views.keys()
        if not gone:
            break
        exclude |= gone
    return _together(query, answer, views, {key: views[key] for key in added & views.keys() if views[key].name})


def _together(
    query: Query, answer: Answer, views: dict[int, ProfileView], added: Mapping[int, ProfileView]
) -> Suggestions:
    items = tuple(Suggested(views[found.key], found) for found in answer.suggestions if found.key in views)
    hidden = answer.hidden_by_language
    return Suggestions(
        query.kind,
        query.profile,
        items,
        answer.total,
        answer.gaps,
        hidden,
        query.target,
        added,
        answer.exposure,
        answer.partial,
    )
