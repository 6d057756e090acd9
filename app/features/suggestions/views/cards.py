"""A suggestion as its card shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from app.core.web.i18n import current_locale
from app.features.profiles.queries.visible import ProfileView, ViewLanguage
from app.features.profiles.views.cards import card_of
from app.features.suggestions.services.suggesting import Suggested, Suggestions
from app.features.suggestions.wording import CROSSING, evidence_of, name_of, say_gaps, weightiest_first
from app.features.vocabularies.queries import label
from app.matching.criteria import Speaks, working_languages
from app.matching.facets import speech_key
from app.matching.query import Contribution, Suggestion


def languages_of(view: ProfileView, mine: Speaks) -> tuple[ViewLanguage, ...]:
    """The languages of a profile, those both can work in first and marked: as the one who asks speaks them."""
    marked = []
    for one in view.languages:
        level, accepts = mine.get(speech_key(one.tag), (0, 7))
        marked.append(replace(one, shared=level >= one.accepts and one.number >= accepts and level > 0))
    return tuple(sorted(marked, key=lambda one: not one.shared))


def reason_of(one: Contribution) -> dict[str, Any]:
    """A contribution as the stacked bar and the words under it show it."""
    return {
        "label": name_of(one.criterion),
        "text": evidence_of(one),
        "points": one.points,
        "crosses": one.criterion in CROSSING,
    }


def reasons_of(match: Suggestion) -> dict[str, Any]:
    """Reasons, score and the other direction, as `components/reasons.html` takes them."""
    return {
        "reasons": [reason_of(one) for one in weightiest_first(match.contributions)],
        "score": match.score,
        "other": sum(one.points for one in match.other) if match.other else None,
    }


def _tongue(match: Suggestion, criterion: str) -> str | None:
    """The best language of a leg of a bridge, by name."""
    for one in (*match.contributions, *match.other):
        if one.criterion == criterion and one.evidence:
            return label("language", str(one.evidence[0].values["tag"]), current_locale().code)
    return None


def _crossing(item: Suggested, found: Suggestions) -> str | None:
    """What is crossed: for a bridge between two the languages on either side, else a border."""
    near, far = _tongue(item.match, "language"), _tongue(item.match, "far_language")
    if near and far:
        return _("%(mine)s with you, %(theirs)s with the other side", mine=near, theirs=far)
    abroad = item.view.country and found.asking.country and item.view.country != found.asking.country
    return _("Across a border") if abroad else None


def suggested_card(item: Suggested, found: Suggestions, **more: Any) -> dict[str, Any]:
    """The values of a suggestion's card; ``more`` adds what can be done."""
    return card_of(
        item.view,
        languages=languages_of(item.view, working_languages(found.asking.languages)),
        crosses=_crossing(item, found),
        gap=next(iter(say_gaps(item.match.gaps[:1])), None),
        **{**reasons_of(item.match), **more},
    )
