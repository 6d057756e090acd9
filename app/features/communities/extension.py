"""What communities give to every template."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, url_for
from flask_wtf.csrf import CSRFProtect

from app.core.markdown import render_markdown
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_write
from app.features.communities.queries.guidance import Decisions, Piece, load_decisions, piece_for, piece_in


def shown_piece(piece: Piece | None) -> dict[str, Any] | None:
    """A piece as `templates/components/guidance.html` takes it."""
    if piece is None:
        return None
    readable = current_actor().person_id is not None
    return {
        "name": piece.name,
        "guide": piece.guide,
        "title": translate(piece.guide.title),
        "own": piece.own,
        "html": render_markdown(piece.text) if piece.own else None,
        "lang": piece.lang,
        "community_id": piece.community_id,
        "read_action": url_for("communities.read_guidance", piece=piece.name) if readable else None,
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
    }


def _decisions(standing: Standing) -> Decisions | None:
    """What was decided in this community, loaded once a request and only for those who may write."""
    if "guidance_decisions" not in g and can_write(standing):
        g.guidance_decisions = load_decisions(db(), standing.actor, standing.community.id)
    kept: Decisions | None = g.get("guidance_decisions")
    return kept if kept is not None and kept.community_id == standing.community.id else None


def guidance_for(standing: Standing | None, name: str, thread_id: int | None = None) -> dict[str, Any] | None:
    """The piece to show here, for the macro `guidance`; None most of the time. Asked for once a request."""
    key = (standing.community.id if standing else None, name, thread_id)
    kept = g.setdefault("guidance", {})
    if key not in kept:
        if standing is None:
            piece = piece_for(db(), current_actor(), name)
        else:
            piece = piece_in(db(), standing, name, thread_id, _decisions(standing))
        kept[key] = shown_piece(piece)
    return kept[key]  # type: ignore[no-any-return]


def init_app(app: Flask, _csrf: CSRFProtect) -> None:
    """Let templates ask for guidance."""
    app.jinja_env.globals["guidance_for"] = guidance_for
