"""The first page of a guest: three or four answers, and at once the best peers, with reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.cleaning import clean_line
from app.core.web.i18n import current_locale, side_by_side
from app.core.web.identity import current_actor
from app.core.web.pages import go, link_for, site_address
from app.core.web.sessions import after_response, db
from app.features.communities.views.finding import address_for, cards_for
from app.features.home.answers import MOST, Answers, Spoken, read_answers
from app.features.home.views import blueprint
from app.features.profiles.queries.directory import STEP
from app.features.suggestions.services import (
    Suggestions,
    count_for_guest,
    count_for_members,
    details_of,
    note_shown_to_guest,
    suggest_to_guest,
)
from app.features.suggestions.services.keeping import BeingPrepared
from app.features.suggestions.views.cards import suggested_card
from app.features.suggestions.wording import listed, say
from app.features.vocabularies.queries import CEFR, label, languages_of, option, options, search
from app.matching.facets import speech_key

SHOWN, SHOWN_COMMUNITIES = 6, 3
# Below this the list says that it is short, and puts what would lengthen it first.
FEW = 4
# The languages most teachers here share with others far away.
_WIDELY_SPOKEN = ("en", "fr", "es", "ar", "pt")
PICKED = {"subject": "subject", "language": "language"}
FIRST_ANSWERS = "first_answers"
# Where in the form one answers what a gap asks for.
_ANCHORS = {"gap.say.subject": "#subject", "gap.say.level": "#level"}


@dataclass(frozen=True, slots=True)
class Matches:
    """What the answers found: cards, what is said above them, and what would widen the search."""

    title: str
    cards: list[dict[str, Any]]
    few: bool
    nearest: list[dict[str, Any]]
    nearest_because: str | None
    gaps: list[dict[str, Any]]
    assumed: str | None
    hidden: str | None
    members_only: str
    communities: list[dict[str, Any]]
    communities_href: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Widening:
    """A wider answer: in words, how many more it brings, and the answers with it."""

    text: str
    adds: int
    answers: Answers


def address(answers: Answers) -> str:
    """The address of these answers."""
    pairs = answers.pairs()
    # A colon may stand in a query as it is, and the address stays readable.
    return url_for("home.index") + (f"?{urlencode(pairs, safe=':')}" if pairs else "")


def _cards(found: Suggestions) -> list[dict[str, Any]]:
    return [suggested_card(item, found) for item in found.items]


def _note(found: Suggestions) -> None:
    ids, details = [item.view.id for item in found.items], details_of(found)
    after_response(lambda session: note_shown_to_guest(session, ids, details))


def _assumed(answers: Answers) -> Answers:
    """The answers to search with: who has not said their languages yet is taken to read the page, and to know the first
    language of schooling where they are; the page says so."""
    if answers.languages:
        return answers
    tags = dict.fromkeys((current_locale().code, *(languages_of(answers.country) if answers.country else ())[:1]))
    return replace(answers, languages=tuple(Spoken(tag) for tag in tags))


def _more_languages(answers: Answers, total: int) -> list[Widening]:
    """What it would add to work in one more language: of those of the country, and the most widely spoken."""
    said = {speech_key(one.tag) for one in answers.languages}
    near = languages_of(answers.country) if answers.country else ()
    widened = []
    for tag in dict.fromkeys((*near, *_WIDELY_SPOKEN)):
        if speech_key(tag) not in said and len(answers.languages) < MOST:
            changed = replace(answers, languages=(*answers.languages, Spoken(tag)))
            adds = count_for_guest(db(), changed.to_profile()) - total
            name = label("language", tag, current_locale().code)
            text = ngettext(
                "If you also work in %(language)s: %(num)s more",
                "If you also work in %(language)s: %(num)s more",
                adds,
                language=name,
            )
            widened.append(Widening(text, adds, changed))
    return sorted((one for one in widened if one.adds), key=lambda one: -one.adds)[:2]


def _widenings(answers: Answers, found: Suggestions) -> list[Widening]:
    """What would bring more, the most helpful first; each number comes from asking again with the answer changed."""
    core = [Widening(say(gap.message), gap.adds or 0, answers.changed(gap.change)) for gap in found.gaps if gap.change]
    return sorted([*core, *_more_languages(answers, found.total)], key=lambda one: -one.adds)


def _title(total: int) -> str:
    if total == 0:
        return _("Nobody fits exactly yet")
    if total < FEW:
        return ngettext(
            "%(num)s person so far has something in common with you",
            "%(num)s people so far have something in common with you",
            total,
        )
    return ngettext(
        "%(num)s person has something in common with you", "%(num)s people have something in common with you", total
    )


def _members_only(answers: Answers, shown: int) -> str:
    """What members would see besides: in steps, as in the directory, so that nobody can be told from the number."""
    more = (count_for_members(db(), answers.to_profile()) - shown) // STEP * STEP
    if more > 0:
        return _("At least %(num)s more people fit, but show this part of their profile to members only.", num=more)
    return _("Some people show parts of their profile to members only, so they cannot be found by them here.")


def find_matches(said: Answers) -> Matches:
    """The best peers for the answers; where nobody fits, the nearest, found by the most helpful widening."""
    answers = _assumed(said)
    found = suggest_to_guest(db(), answers.to_profile(), SHOWN)
    widenings = _widenings(answers, found)
    nearest: list[dict[str, Any]] = []
    if not found.items and widenings:
        near = suggest_to_guest(db(), widenings[0].answers.to_profile(), SHOWN)
        nearest = _cards(near)
        _note(near)
    _note(found)
    unsaid = ({"text": say(gap.message), "href": _ANCHORS.get(gap.message.key)} for gap in found.gaps if not gap.change)
    hidden = found.hidden_by_language
    return Matches(
        title=_title(found.total),
        cards=_cards(found),
        few=found.total < FEW,
        nearest=nearest,
        nearest_because=widenings[0].text if nearest else None,
        gaps=[*unsaid, *({"text": one.text, "href": address(one.answers)} for one in widenings)],
        assumed=_assumption(answers) if answers is not said else None,
        hidden=ngettext(
            "%(num)s more in a language you don't share.", "%(num)s more in languages you don't share.", hidden
        )
        if hidden
        else None,
        members_only=_members_only(answers, found.total),
        communities=cards_for(answers.to_profile(), SHOWN_COMMUNITIES),
        communities_href=address_for(answers.to_profile()),
        partial=found.partial,
    )


def _assumption(answers: Answers) -> str:
    names = listed(label("language", one.tag, current_locale().code) for one in answers.languages)
    return _("You have not said your languages yet. Until then this assumes: %(languages)s.", languages=names)


def _pickers(answers: Answers) -> dict[str, dict[str, Any]]:
    """The two pickers; without scripts, what was typed in one is looked up when the form comes."""
    locale, live = current_locale().code, "HX-Request" in request.headers
    chosen = {"subject": answers.subjects, "language": tuple(one.tag for one in answers.languages)}
    pressed = request.args.get("find", "")
    asked = next((n for n in (pressed, *PICKED) if n in PICKED and request.args.get(f"{n}_q", "").strip()), None)
    pickers = {}
    for name, scheme in PICKED.items():
        typed = request.args.get(f"{name}_q", "").strip()[:80]
        found = None
        if name == asked and not live:
            hits = search(scheme, typed, locale)
            # Once something of what was found is chosen, "show" asks for the answers, not for the same list again.
            if pressed or not any(hit.code in chosen[name] for hit in hits):
                found = [hit for hit in hits if hit.code not in chosen[name]]
        pickers[name] = {
            "chosen": [option(scheme, code, locale) for code in chosen[name]],
            "found": found,
            "query": typed if found is not None else "",
        }
    return pickers


def _language_levels(answers: Answers) -> list[dict[str, Any]]:
    """For each language chosen, how well it is known."""
    locale = current_locale().code
    return [
        {
            "tag": one.tag,
            "name": label("language", one.tag, locale),
            "accepts": f"{one.tag}:{CEFR[one.accepts - 1]}" if ("accepts", f"{one.tag}:{CEFR[one.accepts - 1]}")
            in answers.pairs() else None,
            "choices": [
                {"value": f"{one.tag}:{name}", "label": label("cefr", name, locale), "here": number == one.level}
                for number, name in enumerate(CEFR, 1)
            ],
        }
        for one in answers.languages
    ]  # fmt: skip


# Each is in a language and a subject in which many teach.
_EXAMPLES = (("0541", "2", "sw", "KE"), ("0531", "3", "ar", "EG"), ("0222", "3", "es", "CO"), ("0511", "2", "fr", "SN"))


def _examples() -> list[dict[str, str]]:
    """Ready answers to begin with."""
    locale = current_locale().code
    found = []
    for subject, level, tag, country in _EXAMPLES:
        answers = Answers((subject,), (level,), (Spoken(tag),), country)
        said = (("subject", subject), ("level", level), ("language", tag), ("country", country))
        words = " · ".join(label(scheme, code, locale) for scheme, code in said)
        found.append({"label": words, "href": address(answers)})
    return found


def show_first() -> ResponseReturnValue:
    """The page; for the live form only what changes on it."""
    answers = read_answers(request.args.getlist)
    try:
        matches, prepared = (find_matches(answers) if answers else None), True
    except BeingPrepared:
        matches, prepared = None, False
    locale = current_locale().code
    live = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    values = {
        "answers": answers,
        "unknown": side_by_side(filter(None, map(clean_line, answers.unknown[:MOST]))),
        "matches": matches,
        "prepared": prepared,
        "examples": [] if answers else _examples(),
        "language_levels": _language_levels(answers),
        "shared_address": site_address() + address(answers),
    }
    if live:
        response = make_response(render_template("home/live.html", **values))
        response.headers["HX-Push-Url"] = address(answers)
    else:
        page = render_template(
            "home/first.html",
            pickers=_pickers(answers),
            levels=[(one.code, one.label) for one in options("level", locale)],
            countries=options("country", locale),
            **values,
        )
        response = make_response(page)
    response.vary.update(("HX-Request", "HX-History-Restore-Request"))
    return response


@blueprint.post("/keep")
def keep() -> ResponseReturnValue:
    """Keep the answers for the profile, and go on to join."""
    answers = read_answers(request.form.getlist)
    if answers:
        session[FIRST_ANSWERS] = answers.to_session()
    joined = current_actor().signed_in
    return go((link_for("profiles.edit_person") if joined else link_for("accounts.sign_up")) or address(answers))
