"""What the pages of the order in the house say: people, reports, deeds, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.core.markdown import render_markdown
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.forms.order import CAUSE_WORDS, REASON_WORDS
from app.features.communities.models import HouseReport
from app.features.communities.models.order import FORWARDED, HIDDEN, LEFT_AS_IT_IS, MUTED, POST, TAKEN_OUT
from app.features.communities.queries.order import Thing
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, place_of, reading_languages, title_of


def views_of(ids: Iterable[int | None]) -> dict[int, ProfileView]:
    """What the reader may see of these persons, by number, in a fixed number of queries."""
    wanted = sorted({number for number in ids if number is not None})
    return {view.id: view for view in present_many(db(), current_actor(), wanted, reading_languages())}


def person_line(view: ProfileView | None, **more: Any) -> dict[str, Any]:
    """The values of `components/line.html` for a person, or for one who is not there for this reader."""
    if view is None:
        return {"name": _("Someone who is not here now"), "key": "", "kind": "person", **more}
    shown = {"name": title_of(view), "name_lang": view.name_lang, "href": address_of(view), "key": view.handle}
    return {**shown, "kind": view.kind, "about": place_of(view), **more}


def name_of(view: ProfileView | None) -> str:
    """The name of a person as the reader may see it."""
    return title_of(view) if view is not None else _("Someone who is not here now")


def reason_label(reason: str) -> str:
    """Why something was reported."""
    return str(REASON_WORDS.get(reason, reason))


def cause_label(cause: str | None) -> str:
    """What a decision was about, in a few words."""
    return str(CAUSE_WORDS.get(cause or "", ""))


def outcome_label(outcome: str | None) -> str:
    """What became of a report, for those who keep order."""
    words = {
        LEFT_AS_IT_IS: _("Left as it is"),
        HIDDEN: _("Post hidden"),
        MUTED: _("Muted for a time"),
        TAKEN_OUT: _("Taken out of the community"),
        FORWARDED: _("Passed on to the moderators of Commonweave"),
    }
    return words.get(outcome or "", "")


def answer_label(report: HouseReport) -> str:
    """What became of a report, for who made it: whether something was done, not what was done to whom."""
    if report.outcome is None:
        return _("Waiting")
    if report.outcome == LEFT_AS_IT_IS:
        return _("Looked at, and left as it is")
    if report.outcome == FORWARDED:
        return _("Passed on to the moderators of Commonweave")
    return _("Looked at, and acted on")


def deed_label(action: str, kind: str) -> str:
    """What was done, as it stands in the log."""
    things = {"post": _("A post"), "thread": _("A thread"), "person": _("A member")}
    words = {
        "mute": _("A member was muted"),
        "unmute": _("A member may write again"),
        "remove": _("A member was taken out"),
        "restore": _("A member was let back in"),
        "leave": _("A report was looked at, and nothing changed"),
        "forward": _("A report was passed on to the moderators of Commonweave"),
        "hide": _("%(thing)s was hidden", thing=things.get(kind, "")),
        "return": _("%(thing)s was shown again", thing=things.get(kind, "")),
        "pin": _("A thread was pinned"),
        "unpin": _("A thread is not pinned any more"),
        "lock": _("A thread was locked"),
        "unlock": _("A thread was opened again"),
        "split": _("A thread was split in two"),
        "move": _("A thread was moved to another community"),
        "join": _("Two threads were joined"),
        "rename": _("A thread was given another title"),
        "founded": _("The community was founded"),
        "chapter": _("A chapter was founded"),
        "left_parent": _("The community stands alone now and is no chapter any more"),
        "offered": _("Words of the charter were offered to the community this chapter belongs to"),
        "declined": _("Words that a chapter offered for the charter were declined"),
        "kept_words": _("Newer words for the charter were seen, and the own ones kept"),
        "guidance": _("The guidance shown here was changed"),
        "role": _("A member was given another role"),
        "let_in": _("Someone who asked was let in"),
        "decline": _("Someone who asked was not let in"),
    }
    general = {
        "charter": _("The charter was changed"),
        "community": _("The settings of the community were changed"),
        "post": _("Something was done about a post"),
        "thread": _("Something was done about a thread"),
        "person": _("Something was done about a member"),
        "resource": _("A resource was changed or taken out of the list"),
        "practice": _("A practice note was taken away"),
    }
    return words.get(action) or general.get(kind) or _("Something was changed")


def time_label(days: int | None) -> str:
    """For how long, in words; nothing where no time was said."""
    return str(ngettext("for %(num)s day", "for %(num)s days", days)) if days else ""


def until_label(moment: Any) -> str:
    """Until when a measure holds."""
    return _("until %(day)s", day=format_date(moment, "long")) if moment else _("for good")


def thing_values(thing: Thing | None, slug: str) -> dict[str, Any] | None:
    """A reported thing as `communities/order/thing.html` shows it."""
    if thing is None:
        return None
    href = None
    if thing.kind == POST:
        href = link_for("communities.show_thread", slug=slug, thread_id=thing.thread_id, post=thing.id)
    return {
        "kind": thing.kind,
        "text": render_markdown(thing.text) if thing.text else None,
        "lang": thing.lang,
        "at": thing.at,
        "title": thing.title,
        "title_lang": thing.title_lang,
        "href": f"{href}#p-{thing.id}" if href else None,
        "hidden": thing.hidden,
        "withdrawn": thing.withdrawn,
    }
