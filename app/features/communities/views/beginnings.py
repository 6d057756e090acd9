"""What stands in the steps of founding a community before anybody answered, in the language it is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import force_locale, gettext
from flask_babel import gettext as _

from app.core.locales import BY_CODE, OFFERED
from app.core.web.i18n import current_locale, side_by_side, use_locale
from app.core.web.identity import current_actor
from app.features.communities.charter_texts import default_parts
from app.features.communities.licences import DEFAULT_LICENCE
from app.features.communities.models import CommunitySeed
from app.features.communities.services.plans import Plan
from app.features.communities.starting import starting_canvas
from app.features.profiles.queries.reading import primary
from app.features.profiles.views.cards import word


@contextmanager
def _as_written_in(code: str) -> Iterator[None]:
    """Say what follows in one of our languages, whatever the language of the page."""
    locale, here = BY_CODE[code] if BY_CODE.get(code) in OFFERED else OFFERED[0], current_locale()
    use_locale(locale.code)
    try:
        with force_locale(locale.babel):
            yield
    finally:
        use_locale(here.code)


def first_plan(template: str, seed: CommunitySeed | None) -> Plan:
    """What stands in the steps before anybody answered."""
    code = _language_for(seed)
    plan: Plan = {
        "template": template,
        "lang": code,
        "languages": [code],
        "joining": "open",
        "inviting": "members",
        "reading": "everyone",
        "licence": DEFAULT_LICENCE,
        "questions": [],
        **starting_texts(template, code, seed),
    }
    return {**plan, **_from_seed(seed)} if seed is not None else plan


def starting_texts(template: str, code: str, seed: CommunitySeed | None = None) -> dict[str, str]:
    """The texts a community begins with, in one of our languages."""
    with _as_written_in(code):
        canvas = {f"canvas_{part}": gettext(text) for part, text in starting_canvas(template).items()}
        charter = {f"charter_{part}": gettext(text) for part, text in default_parts(template).items()}
        task = _("Tell us in two sentences what you teach, where, and what you hope to find here.")
        named = {"name": name_from(seed), "summary": _summary_from(seed)} if seed is not None else {}
    return {**canvas, **charter, "first_task": task, **named}


def _language_for(seed: CommunitySeed | None) -> str:
    """The language of the page; for a suggested group that does not work in it, one that they and the reader know."""
    here = current_locale().code
    shared = [primary(str(tag)) for tag in seed.facets.get("language", ())] if seed is not None else []
    if not shared or primary(here) in shared:
        return here
    known = {primary(tag) for tag in current_actor().languages}
    ours = {primary(locale.code): locale.code for locale in OFFERED}
    return next((ours[tag] for tag in shared if tag in ours and tag in known), here)


def _from_seed(seed: CommunitySeed) -> Plan:
    """What a suggestion of a community that should exist already answers."""
    return {
        "subjects": _codes(seed, "subject"),
        "levels": _codes(seed, "level"),
        "languages": _codes(seed, "language") or [current_locale().code],
        "places": _codes(seed, "place"),
        "invited": list(seed.person_ids),
    }


def _codes(seed: CommunitySeed, kind: str) -> list[str]:
    return [str(code) for code in seed.facets.get(kind, ())]


def _words(seed: CommunitySeed, kind: str) -> str:
    return side_by_side(word(kind, code) for code in _codes(seed, kind))


def name_from(seed: CommunitySeed) -> str:
    """A first name for a community that should exist: its subjects and levels."""
    return " · ".join(part for part in (_words(seed, "subject"), _words(seed, "level")) if part)[:120]


def _summary_from(seed: CommunitySeed) -> str:
    """A first sentence on a community that should exist, of what its people share."""
    subjects, levels, languages = (_words(seed, kind) for kind in ("subject", "level", "language"))
    if not levels:
        said = _("For those who teach %(subjects)s and work in %(languages)s.", subjects=subjects, languages=languages)
    else:
        said = _(
            "For those who teach %(subjects)s (%(levels)s) and work in %(languages)s.",
            subjects=subjects, levels=levels, languages=languages,
        )  # fmt: skip
    return said[:400]
