"""Finding communities: what suits the reader, all of them by filters, and the page of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.utils import redirect

from app.core.errors import NotFound
from app.core.web.i18n import current_locale, side_by_side
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import full_address, go, link_for
from app.core.web.sessions import db
from app.features.communities.models import CLOSED, COORDINATOR, Community
from app.features.communities.policies import Standing, can_coordinate, can_found, can_invite
from app.features.communities.queries import finding as queries
from app.features.communities.queries.finding import FACET_NAMES, NAMES, Filters
from app.features.communities.queries.missing import list_own_missing
from app.features.communities.queries.overview import count_readers
from app.features.communities.queries.standing import get_standing, list_member_ids
from app.features.communities.services.founding import plant_seed
from app.features.communities.starting import BY_CODE as TEMPLATES
from app.features.communities.starting import PART_TITLES
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.fit_words import reasons_of
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.missing import cards_of_missing
from app.features.communities.views.plan_words import joining_words, reading_words
from app.features.communities.views.summaries import domain_of, summary_of_community
from app.features.profiles.queries.profiles import find_own_person
from app.features.profiles.queries.reading import primary
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, does_of, place_of, reading_languages, title_of, word
from app.features.renditions.queries.best import list_best, list_languages
from app.features.vocabularies.queries import autonym, option, search
from app.matching.communities import Missing
from app.matching.facets import Profile

# Filters that are searched for by a word, because there are too many to show.
PICKED = {"subject": "subject", "language": "language", "place": "place"}
MOST_COORDINATORS = 6
# A community of fewer members is asked first of all to bring others.
FEW_MEMBERS = 5
# So many of its languages stand open on its page.
MOST_LANGUAGES = 6


def _filter_names() -> dict[str, str]:
    return {
        "q": _("Words"),
        "subject": _("Subject"),
        "language": _("Language"),
        "level": _("Level of education"),
        "place": _("Country or region"),
        "template": _("Kind of community"),
        "state": _("State"),
    }


def _word_for(name: str, code: str) -> str:
    if name == "template":
        return _(TEMPLATES[code].title) if code in TEMPLATES else code
    if name == "state":
        return {"live": _("Alive"), "dormant": _("Quiet for now"), "closed": _("Closed")}.get(code, code)
    return word(name, code)


def _address(filters: Filters, endpoint: str = "communities.list_communities", **more: str | None) -> str:
    pairs = [*queries.written(filters), *((k, v) for k, v in more.items() if v)]
    return url_for(endpoint) + (f"?{urlencode(pairs)}" if pairs else "")


def _active(filters: Filters, endpoint: str = "communities.list_communities") -> list[dict[str, Any]]:
    names, shown = _filter_names(), []
    if filters.text:
        without = replace(filters, text="")
        shown.append({"label": names["q"], "value": filters.text, "remove_href": _address(without, endpoint)})
    for name in NAMES:
        for code in filters.codes(name):
            href = _address(queries.toggled(filters, name, code), endpoint)
            shown.append({"label": names[name], "value": _word_for(name, code), "remove_href": href})
    return shown


def _facets(filters: Filters, choices: dict[str, list[queries.Choice]]) -> list[dict[str, Any]]:
    names = _filter_names()
    return [
        {
            "name": name,
            "label": names[name],
            "choices": [
                {
                    "label": _word_for(name, choice.code), "count": choice.count, "on": choice.on,
                    "depth": choice.depth, "href": _address(queries.toggled(filters, name, choice.code)),
                }
                for choice in choices[name]
            ],
        }
        for name in NAMES if choices[name]
    ]  # fmt: skip


def _unknown(unknown: list[tuple[str, str]]) -> list[str]:
    names = _filter_names()
    return [
        _("“%(code)s” is not known here (%(filter)s), so it was left out.", code=c, filter=names[n]) for n, c in unknown
    ]


def cards_of_communities(communities: list[Community], joined: set[int]) -> dict[int, dict[str, Any]]:
    """The cards of several communities, in words the reader reads where there is a translation."""
    langs = {one.id: one.lang for one in communities}
    versions = {one.id: one.text_version for one in communities}
    shown = list_best(db(), current_actor(), "community", langs, versions, reading_languages())
    return {one.id: summary_of_community(one, shown, joined) for one in communities}


def cards_for(seeker: Profile, limit: int) -> list[dict[str, Any]]:
    """Small cards of the communities that suit somebody who is not signed in, each with why in one line."""
    suiting = queries.list_suiting(db(), seeker, limit)
    cards = cards_of_communities([one.community for one in suiting], set())
    return [
        {**cards[one.community.id], "summary": None, "why": " · ".join(r["text"] for r in reasons_of(one.fit)[:2])}
        for one in suiting
    ]


def address_for(seeker: Profile) -> str:
    """The list of communities for the same subjects and languages."""
    tags = tuple(dict.fromkeys(primary(one.tag) for one in seeker.languages))
    return _address(Filters(subject=seeker.subjects, language=tags))


def _missing_words(missing: Missing) -> dict[str, Any]:
    """A community that could exist, in words."""
    people = ngettext("%(num)s person besides you", "%(num)s people besides you", len(missing.keys))
    countries = ngettext("%(num)s country", "%(num)s countries", len(missing.countries))
    languages = side_by_side(word("language", tag) for tag in missing.languages)
    return {
        "title": " · ".join((word("subject", missing.subject), word("level", missing.level))),
        "text": _(
            "%(people)s, in %(languages)s, from %(countries)s. There is no community for them yet.",
            people=people, languages=languages, countries=countries,
        ),
    }  # fmt: skip


@blueprint.get("/communities")
def list_communities() -> ResponseReturnValue:
    """What there is: for you, then everything, by filters."""
    filters, unknown = queries.read_filters(request.args.getlist)
    session, actor, locale = db(), current_actor(), current_locale().code
    page = queries.find_page(session, filters, locale, request.args.get("at"))
    choices = queries.count_facets(session, filters, locale)
    fresh = not filters.count and not request.args.get("at")
    person = find_own_person(session, actor) if fresh else None
    could = list_own_missing(session, person.id, 2) if person is not None and can_found(actor) else ()
    # Where no group was found that is firm, there may still be some around the reader alone.
    around = queries.list_around_person(session, actor, person, missing=not could)
    everything = {one.id: one for one in (*page.communities, *(one.community for one in around.suiting))}
    cards = cards_of_communities(list(everything.values()), queries.list_joined_ids(session, actor, list(everything)))
    closed = next((c.count for c in choices["state"] if c.code == CLOSED), 0) if not filters.state else 0
    return render_template(
        "communities/list.html",
        filters=filters,
        kept=[pair for pair in queries.written(filters) if pair[0] != "q"],
        found=ngettext("%(num)s community", "%(num)s communities", page.total),
        suiting=[{**cards[one.community.id], "reasons": reasons_of(one.fit)} for one in around.suiting],
        could=cards_of_missing(could),
        missing=_missing_words(around.missing) if around.missing and can_found(actor) else None,
        missing_href=link_for("communities.list_missing") if actor.signed_in else None,
        cards=[cards[one.id] for one in page.communities],
        facets=_facets(filters, choices),
        active=_active(filters),
        unknown=_unknown(unknown),
        clear_href=_address(Filters()),
        closed=closed,
        closed_href=_address(filters.with_codes("state", (CLOSED,))),
        filters_href=_address(filters, "communities.filter_communities"),
        previous=_address(filters, at=page.previous) if page.previous else None,
        next=_address(filters, at=page.next) if page.next else None,
        fresh=fresh,
    )


@blueprint.post("/communities/missing")
def look_at_missing() -> ResponseReturnValue:
    """Take up a community that could exist: its founding pages open filled in."""
    session, actor = db(), current_actor()
    limit("community_seed", 20, DAY, key=str(actor.account_id))
    person = find_own_person(session, actor)
    missing = queries.list_around_person(session, actor, person).missing
    if person is None or missing is None or not can_found(actor):
        raise NotFound
    facets = {"subject": [missing.subject], "level": [missing.level], "language": list(missing.languages)}
    seed = plant_seed(session, person.id, facets, missing.keys)
    return go(url_for("communities.new_community", seed=seed.id))


def _pickers(filters: Filters, looked_up: str | None) -> dict[str, dict[str, Any]]:
    locale, pickers = current_locale().code, {}
    for name, scheme in PICKED.items():
        typed = request.args.get(f"{name}_q", "").strip()[:80] if name == looked_up else ""
        found = search(scheme, typed, locale) if name == looked_up else None
        chosen = [option(scheme, code, locale) for code in filters.codes(name)]
        if found is not None:
            found = [item for item in found if item.code not in filters.codes(name)]
        # What was found takes the place of what was typed, so that the next sending shows the list.
        pickers[name] = {"chosen": chosen, "found": found, "query": "" if found else typed}
    return pickers


@blueprint.get("/communities/filters")
def filter_communities() -> ResponseReturnValue:
    """Every filter on a page of its own; what is typed in a picker is looked up first."""
    filters, unknown = queries.read_filters(request.args.getlist)
    asked = (request.args.get("find", ""), *PICKED)
    looked_up = next((n for n in asked if n in PICKED and request.args.get(f"{n}_q", "").strip()), None)
    if looked_up is None and ("show" in request.args or "find" in request.args):
        return redirect(_address(filters), code=303)
    choices = queries.count_facets(db(), filters, current_locale().code)
    chips = {
        name: [(c.code, f"{_word_for(name, c.code)} ({c.count})") for c in choices[name]]
        for name in ("level", "template", "state")
    }
    return render_template(
        "communities/filters.html",
        filters=filters,
        names=_filter_names(),
        chips=chips,
        pickers=_pickers(filters, looked_up),
        unknown=_unknown(unknown),
        active=_active(filters, "communities.filter_communities"),
        clear_href=url_for("communities.filter_communities"),
        back_href=_address(filters),
    )


def _reading_rows(community: Community) -> list[dict[str, Any]]:
    """How many members read each language: first the community's own, the most read of them first; few stand open."""
    readers = count_readers(db(), current_actor(), community)
    named = {primary(tag) for tag in community.codes("language") or (community.lang,)}
    own, further = (
        sorted(tags, key=lambda tag: (-readers.get(tag, 0), tag)) for tags in (named, readers.keys() - named)
    )
    known = {primary(tag) for tag in current_actor().languages}
    return [
        {"tag": tag, "name": autonym(tag), "readers": readers.get(tag, 0), "shared": tag in known,
         "open": place < MOST_LANGUAGES and tag in named}
        for place, tag in enumerate([*own, *further])
    ]  # fmt: skip


def _linked_data(community: Community) -> dict[str, Any]:
    """The community for search engines and other programs, as schema.org describes an organisation."""
    places = [word("place", code) for code in community.codes("place")]
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": community.name,
        "description": community.summary,
        "url": full_address("communities.show_community", slug=community.slug),
        "foundingDate": community.created_at.date().isoformat(),
        "knowsLanguage": list(community.codes("language") or (community.lang,)),
        "knowsAbout": [word("subject", code) for code in community.codes("subject")],
        **({"areaServed": places} if places else {}),
    }


def _line_of(view: ProfileView) -> dict[str, Any]:
    """Somebody who coordinates, as a line."""
    return {
        "name": title_of(view), "name_lang": view.name_lang, "href": address_of(view), "key": view.handle,
        "kind": view.kind, "about": does_of(view) or place_of(view),
    }  # fmt: skip


def _facet_links(community: Community) -> list[tuple[str, list[dict[str, str]]]]:
    names = _filter_names()
    return [
        (names[name], [
            {"text": word(name, code), "href": _address(Filters().with_codes(name, (code,)))}
            for code in community.codes(name)
        ])
        for name in FACET_NAMES if name != "language" and community.codes(name)
    ]  # fmt: skip


def _needs_people(standing: Standing) -> bool:
    """Whether what is most needed here is company, and the reader can bring some."""
    return standing.community.member_count < FEW_MEMBERS and can_coordinate(standing) and can_invite(standing)


@blueprint.get("/communities/<slug>")
def show_community(slug: str) -> ResponseReturnValue:
    """The living page of a community: its canvas, what happens in it, who coordinates it."""
    session, actor = db(), current_actor()
    standing = get_standing(session, actor, slug)
    community = standing.community
    shown = list_best(
        session, actor, "community", {community.id: community.lang}, {community.id: community.text_version},
        reading_languages(),
    ).get(community.id)  # fmt: skip
    canvas = [
        {"part": part, "title": _(title), "text": text, "translated": (shown.text(part) if shown else None)}
        for part, title in PART_TITLES.items()
        if (text := str(community.canvas.get(part, "")).strip())
    ]
    rows = _reading_rows(community)
    coordinators = list_member_ids(session, community.id, [COORDINATOR])[:MOST_COORDINATORS]
    views = present_many(session, actor, coordinators, reading_languages())
    return render_in_community(
        standing, "communities/overview.html", "overview",
        shown=shown,
        summary=(shown.text("summary") if shown else None) or community.summary,
        summary_lang=shown.lang if shown and shown.text("summary") else community.lang,
        canvas=canvas,
        domain=domain_of(community),
        facets=_facet_links(community),
        languages=rows,
        linked_data=_linked_data(community),
        joining=joining_words()[community.joining],
        reading=reading_words()[community.reading],
        coordinators=[_line_of(view) for view in views],
        more_languages=sum(not row["open"] for row in rows),
        reads=primary(community.lang) in {primary(tag) for tag in reading_languages()},
        kept=list_languages(session, "community", [community.id]).get(community.id, ()),
        coordinates=can_coordinate(standing),
        join_href=link_for("communities.join_community", slug=slug) if not standing.is_member else None,
        invite_href=link_for("communities.list_invitations", slug=slug) if _needs_people(standing) else None,
    )  # fmt: skip
