"""What stands on a poster, in each of a community's languages that is complete here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.actor import GUEST
from app.core.locales import BY_CODE, OFFERED, Locale
from app.core.web.i18n import current_locale
from app.features.communities.policies import Standing
from app.features.profiles.queries.reading import primary
from app.features.renditions.queries import list_best

MOST_LANGUAGES = 4


def _languages_of(standing: Standing, asked: Sequence[Locale]) -> list[Locale]:
    community = standing.community
    tags = [community.lang, *community.codes("language")]
    found = list(asked) or [BY_CODE[primary(tag)] for tag in tags if BY_CODE.get(primary(tag)) in OFFERED]
    # That of whoever prints it comes first: it hangs on their wall.
    found.sort(key=lambda locale: locale.code != current_locale().code)
    return list(dict.fromkeys(found))[:MOST_LANGUAGES] or [OFFERED[0]]


def panels_of(session: Session, standing: Standing, asked: Sequence[Locale] = ()) -> list[dict[str, Any]]:
    """For each language the community's name and summary (translated, where members did) and our own sentences.

    ``asked``: the languages somebody chose; else those the community works in.
    """
    community = standing.community
    panels = []
    for locale in _languages_of(standing, asked):
        best = list_best(session, GUEST, "community", {community.id: community.lang}, reading=[locale.code])
        theirs = best.get(community.id)
        same = theirs is not None and primary(theirs.lang) == locale.code
        name = theirs.text("name") if theirs and same else None
        summary = theirs.text("summary") if theirs and same else None
        with force_locale(locale.babel):
            words = {
                "title": _("Join us"),
                "lead": _("A community of teachers, free of charge, in your language and others."),
                "steps": [
                    _("Point the camera of your phone at the square, or type the address under it."),
                    _("Make a free account and say in a few words what you teach."),
                    _("Come in. Somebody will welcome you."),
                ],
            }
        panels.append(
            {
                "code": locale.code,
                "dir": locale.dir,
                "name": name or community.name,
                "name_lang": locale.code if name else community.lang,
                "summary": summary or (community.summary if primary(community.lang) == locale.code else ""),
                **words,
            }
        )
    return panels
