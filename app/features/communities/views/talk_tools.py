"""The tools of facilitators and coordinators: each a page of its own with its reason, so that a phone is enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.markdown import plain_of
from app.core.web.forms import Form
from app.core.web.identity import current_actor
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.forms.talk import JoinForm, MoveForm, ReasonForm, SplitForm, TitleForm
from app.features.communities.policies import Standing, can_facilitate
from app.features.communities.queries import get_standing
from app.features.communities.queries.talk import list_facilitated
from app.features.communities.services import talk as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.talk_words import number_in_address, person_values, when
from app.features.profiles.queries.names import list_names
from app.features.threads.models import CommunityThread
from app.features.threads.queries.posts import get_post, list_posts
from app.features.threads.queries.talk import get_community_thread, list_newest_threads

SPLIT_PAGE = 100
JOIN_CHOICES = 50

Deed = Callable[[Standing, CommunityThread, Any], CommunityThread]


def _reason(form: Any) -> str:
    return form.reason.data or ""


# What a tool does with what its form says.
_DEEDS: dict[str, Deed] = {
    "pin": lambda s, t, form: services.pin_thread(db(), s, t.id, True, _reason(form)),
    "unpin": lambda s, t, form: services.pin_thread(db(), s, t.id, False, _reason(form)),
    "lock": lambda s, t, form: services.lock_thread(db(), s, t.id, True, _reason(form)),
    "unlock": lambda s, t, form: services.lock_thread(db(), s, t.id, False, _reason(form)),
    "hide": lambda s, t, form: services.hide_thread(db(), s, t.id, True, _reason(form)),
    "return": lambda s, t, form: services.hide_thread(db(), s, t.id, False, _reason(form)),
    "rename": lambda s, t, form: services.rename_thread(db(), s, t.id, form.title.data or ""),
    "split": lambda s, t, form: services.split_thread(
        db(), s, t.id, _chosen_posts(), form.title.data or "", _reason(form), form.token.data or ""
    ),
    "move": lambda s, t, form: services.move_thread(db(), s, t.id, _target(form.community.data), _reason(form)),
    "join": lambda s, t, form: services.join_thread(db(), s, t.id, form.target_id, _reason(form)),
}
_FORMS: dict[str, type[Form]] = {"rename": TitleForm, "split": SplitForm, "move": MoveForm, "join": JoinForm}


def _chosen_posts() -> list[int]:
    values = request.form.getlist("posts")
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19][:1000]


def _target(slug: str | None) -> Standing:
    return get_standing(db(), current_actor(), slug or "")


def _words(tool: str) -> tuple[str, str]:
    """A tool's name, and what it does, in the reader's language."""
    words = {
        "pin": (_("Pin"), _("The thread stays on top of the list.")),
        "unpin": (_("Unpin"), _("The thread goes back among the others.")),
        "lock": (_("Close"), _("Nobody can write in the thread any more. It stays readable.")),
        "unlock": (_("Open again"), _("Members can write in the thread again.")),
        "hide": (_("Hide"), _("The thread goes out of sight. A line with your reason stays in the list.")),
        "return": (_("Show again"), _("The thread can be read again.")),
        "rename": (_("Change the title"), _("A clear title helps those who look for it later.")),
        "split": (_("Split"), _("Some posts become a thread of their own, with a title of their own.")),
        "move": (_("Move"), _("The thread goes to another community in which you keep order.")),
        "join": (_("Join to another"), _("Its posts become part of another thread; its address leads there.")),
    }
    if tool not in words:
        raise NotFound
    return words[tool]


def _tools_for(standing: Standing, thread: CommunityThread) -> list[str]:
    """The tools that make sense for a thread as it is, for this actor."""
    if not can_facilitate(standing):
        own = thread.opened_by is not None and thread.opened_by == standing.actor.person_id
        return ["rename"] if own and services.obstacle_to_answer(standing, thread) is None else []
    return [
        "rename",
        "unpin" if thread.pinned else "pin",
        "unlock" if thread.locked_at is not None else "lock",
        "return" if thread.hidden_at is not None else "hide",
        "split",
        "join",
        "move",
    ]


def _thread_of(slug: str, thread_id: int) -> tuple[Standing, CommunityThread, list[str]]:
    standing = get_standing(db(), current_actor(), slug)
    thread = get_community_thread(db(), standing.community.id, thread_id)
    tools = _tools_for(standing, thread)
    if not tools:
        raise Forbidden
    return standing, thread, tools


@blueprint.get("/communities/<slug>/threads/<int:thread_id>/tools")
def thread_tools(slug: str, thread_id: int) -> ResponseReturnValue:
    """What can be done with a thread."""
    standing, thread, tools = _thread_of(slug, thread_id)
    base = url_for("communities.thread_tools", slug=slug, thread_id=thread.id)
    items = [{"href": f"{base}/{tool}", "label": _words(tool)[0], "text": _words(tool)[1]} for tool in tools]
    return render_in_community(standing, "communities/talk/tools.html", "threads", thread=thread, tools=items)


def _split_rows(thread: CommunityThread) -> dict[str, Any]:
    """The posts to choose from, a page of them."""
    page = list_posts(db(), thread.id, after=number_in_address("after"), limit=SPLIT_PAGE)
    names = list_names(db(), current_actor(), {post.author_id for post in page.posts if post.author_id is not None})
    rows = [
        {"id": post.id, "lang": post.lang, "text": plain_of(post.text, 100), "when": when(post.created_at),
         **person_values(names, post.author_id)}
        for post in page.posts
    ]  # fmt: skip
    return {"rows": rows, "later": page.later, "chosen": _chosen_posts()}


def _tool_page(
    standing: Standing, thread: CommunityThread, tool: str, form: Form, status: int = 200
) -> ResponseReturnValue:
    label, text = _words(tool)
    more: dict[str, Any] = {}
    if isinstance(form, SplitForm):
        more = _split_rows(thread)
    if isinstance(form, MoveForm):
        form.community.choices = [
            (c.slug, c.name) for c in list_facilitated(db(), current_actor(), thread.community_id)
        ]
    if isinstance(form, JoinForm):
        rows = list_newest_threads(db(), thread.community_id, JOIN_CHOICES)
        form.target.choices = [(str(row.id), row.title) for row in rows if row.id != thread.id]
    html = render_in_community(
        standing, "communities/talk/tool.html", "threads", thread=thread, tool=tool, label=label, text=text, form=form,
        required=tool in ("lock", "hide", "split", "move", "join"), **more,
    )  # fmt: skip
    return html, status


@blueprint.get("/communities/<slug>/threads/<int:thread_id>/tools/<tool>")
def thread_tool(slug: str, thread_id: int, tool: str) -> ResponseReturnValue:
    """A page to use one tool."""
    standing, thread, tools = _thread_of(slug, thread_id)
    if tool not in tools:
        raise NotFound
    form = _FORMS.get(tool, ReasonForm)(formdata=None)
    if isinstance(form, SplitForm):
        form.renew()
    if isinstance(form, TitleForm):
        form.title.data = thread.title
    return _tool_page(standing, thread, tool, form)


@blueprint.post("/communities/<slug>/threads/<int:thread_id>/tools/<tool>")
def use_tool(slug: str, thread_id: int, tool: str) -> ResponseReturnValue:
    """Use one tool. A page that is behind the times does no harm: what is done already is not done twice."""
    standing, thread, _tools = _thread_of(slug, thread_id)
    if tool not in _DEEDS:
        raise NotFound
    form = _FORMS.get(tool, ReasonForm)()
    try:
        if not form.validate():
            return _tool_page(standing, thread, tool, form, 422)
        result = _DEEDS[tool](standing, thread, form)
    except Invalid as problem:
        form.show(problem)
        return _tool_page(standing, thread, tool, form, 422)
    flash(_("Done. It stands in the log of this community."), "ok")
    place = form.community.data if isinstance(form, MoveForm) else slug
    return go(url_for("communities.show_thread", slug=place, thread_id=result.id))


def _order_page(standing: Standing, post_id: int, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    post = get_post(db(), standing.community.id, post_id)
    thread = get_community_thread(db(), standing.community.id, post.thread_id)
    names = list_names(db(), current_actor(), [post.author_id] if post.author_id is not None else [])
    html = render_in_community(
        standing, "communities/talk/order_post.html", "threads", post=post, thread=thread, form=form,
        author=person_values(names, post.author_id),
        back=url_for("communities.show_thread", slug=standing.community.slug, thread_id=thread.id, post=post.id),
    )  # fmt: skip
    return html, status


def _keeper(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_facilitate(standing):
        raise Forbidden
    return standing


@blueprint.get("/communities/<slug>/posts/<int:post_id>/order")
def order_post(slug: str, post_id: int) -> ResponseReturnValue:
    """A page to hide a post, or to show it again."""
    return _order_page(_keeper(slug), post_id, ReasonForm(formdata=None))


@blueprint.post("/communities/<slug>/posts/<int:post_id>/order")
def hide_or_return_post(slug: str, post_id: int) -> ResponseReturnValue:
    """Hide a post, or show it again, with a reason that its author reads."""
    standing, form = _keeper(slug), ReasonForm()
    deed = services.return_post if request.form.get("return") == "1" else services.hide_post
    try:
        if not form.validate():
            return _order_page(standing, post_id, form, 422)
        post = deed(db(), standing, post_id, form.reason.data or "")
    except Invalid as problem:
        form.show(problem)
        return _order_page(standing, post_id, form, 422)
    flash(_("Done. It stands in the log of this community."), "ok")
    return go(
        url_for("communities.show_thread", slug=slug, thread_id=post.thread_id, post=post.id, _anchor=f"p-{post.id}")
    )
