"""Suggestions as plain data: the one form in which the API and the command line give them, the same as on the page."""

from __future__ import annotations

from typing import Any

from app.features.profiles.views.cards import title_of
from app.features.suggestions.services.suggesting import Suggested, Suggestions
from app.features.suggestions.wording import evidence_of, say, weightiest_first
from app.matching.query import Contribution, Gap


def as_json(found: Suggestions) -> dict[str, Any]:
    """``{"suggestions": [{"id", "name", "kind", "score", "reasons": […], "gaps": […]}], "gaps": […]}``.

    In the reader's language. The contributions of the reasons add up to the score. The gaps beside the suggestions are
    those of the list: what would bring more, with how many and whom.
    """
    return {
        "suggestions": [suggested_as_json(item) for item in found.items],
        "gaps": [{**gap_as_json(gap), **_whom(found, gap)} for gap in found.gaps],
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
