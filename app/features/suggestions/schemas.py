"""Suggestions as plain data: the one form in which the API and the command line give them, the same as on the page."""

from __future__ import annotations

from typing import Any

from app.features.communities.models import ExternalNetwork
from app.features.communities.views import fit_words
from app.features.profiles.views.cards import title_of
from app.features.suggestions.services.groups import Group, SuggestedGroup, SuggestedGroups
from app.features.suggestions.services.suggesting import Suggested, Suggestions
from app.features.suggestions.wording import evidence_of, say, weightiest_first
from app.matching.query import Contribution, Gap


def as_json(found: Suggestions) -> dict[str, Any]:
    """``{"suggestions": [{"id", "name", "kind", "score", "reasons": […], "gaps": […]}], "gaps": […], "partial": …}``.

    In the reader's language. The contributions of the reasons add up to the score. The gaps beside the suggestions are
    those of the list: what would bring more, with how many and whom. ``partial``: a part of those who are here could
    not be looked at just now.
    """
    return {
        "suggestions": [suggested_as_json(item) for item in found.items],
        "gaps": [{**gap_as_json(gap), **_whom(found, gap)} for gap in found.gaps],
        "partial": found.partial,
    }


def _whom(found: Suggestions, gap: Gap) -> dict[str, Any]:
    """Some of those a change would bring, where it was counted."""
    if gap.change is None:
        return {}
    return {"who": [{"id": view.handle, "name": title_of(view), "kind": view.kind} for view in found.whom(gap)]}


def suggested_as_json(item: Suggested) -> dict[str, Any]:
    """One suggestion; ``name`` is "A teacher in …" where the name is not open to the reader."""
    return {
        "id": item.view.handle,
        "name": title_of(item.view),
        "kind": item.view.kind,
        "score": item.match.score,
        "reasons": [_reason(one) for one in weightiest_first(item.match.contributions)],
        "gaps": [gap_as_json(gap) for gap in item.match.gaps],
    }


def gap_as_json(gap: Gap) -> dict[str, Any]:
    """What is missing, in words; ``adds``: how many more a change would bring, where that was counted."""
    counted = {} if gap.adds is None else {"adds": gap.adds, "change": dict(gap.change or {})}
    return {"gap": gap.message.key.removeprefix("gap."), "text": say(gap.message), **counted}


def _reason(one: Contribution) -> dict[str, Any]:
    return {"criterion": one.criterion, "contribution": one.points, "evidence": evidence_of(one)}


def groups_as_json(found: SuggestedGroups) -> dict[str, Any]:
    """Communities and networks in the same form as `as_json`; ``kind`` is ``community`` or ``network``.

    ``hidden_by_language``: how many more would suit, but for their languages.
    """
    return {
        "suggestions": [_group(item) for item in found.items],
        "gaps": [_group_gap(gap, found.whom(gap)) for gap in found.gaps],
        "hidden_by_language": found.hidden_by_language,
        # Communities are read from the database itself, which is whole or not there at all.
        "partial": False,
    }


def _group_named(group: Group) -> dict[str, str]:
    kind = "network" if isinstance(group, ExternalNetwork) else "community"
    return {"id": group.slug, "name": group.name, "kind": kind}


def _group(item: SuggestedGroup) -> dict[str, Any]:
    reasons = [
        {"criterion": one.criterion, "contribution": one.points, "evidence": fit_words.evidence_of(one)}
        for one in item.fit.reasons
    ]
    gaps = [_group_gap(gap) for gap in item.fit.gaps]
    return {**_group_named(item.group), "score": item.fit.score, "reasons": reasons, "gaps": gaps}


def _group_gap(gap: Gap, whom: list[Group] | None = None) -> dict[str, Any]:
    counted = {} if gap.adds is None else {"adds": gap.adds, "change": dict(gap.change or {})}
    named = {"who": [_group_named(one) for one in whom]} if whom else {}
    return {"gap": gap.message.key.removeprefix("gap."), "text": fit_words.say(gap.message), **counted, **named}
