"""The network around a person or an institution: a picture made on the server, and the same as a table."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.introductions.queries.network import Network, load_network
from app.features.introductions.views import blueprint
from app.features.introductions.views.wording import views_by_id
from app.features.profiles.queries.profiles import find_profile
from app.features.profiles.queries.visible import ProfileView, present
from app.features.profiles.views.cards import address_of, place_of, reading_languages, title_of
from app.matching.graph import Neighbourhood, brokers, layout, spread

FEW = 12
LONGEST_LABEL = 20
MARGIN_X, MARGIN_Y = 70, 40


def _label(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"


def _size(count: int) -> tuple[int, int]:
    """Width and height of the picture: few fit on a phone as they are, many need room."""
    return (440, 400) if count <= FEW else (860, 760)


def _draw(area: Neighbourhood, views: dict[int, ProfileView]) -> dict[str, Any]:
    """The values of the picture: nodes and edges with their places in it."""
    shown = [node for node in area.nodes if node.key in views]
    width, height = _size(len(shown))
    places = spread(layout(area), width - 2 * MARGIN_X, height - 2 * MARGIN_Y, 54)
    nodes = []
    for node in shown:
        view = views[node.key]
        x, y = places[node.key]
        nodes.append(
            {
                "x": x,
                "y": y,
                "name": title_of(view),
                "label": _label(title_of(view)),
                "lang": view.name_lang,
                "href": url_for("introductions.network", handle=view.handle) if node.distance else address_of(view),
                "kind": view.kind,
                "distance": node.distance,
            }
        )
    lines = []
    for a, b in area.edges:
        if a in views and b in views:
            (x1, y1), (x2, y2) = places[a], places[b]
            lines.append({"x1": x1, "y1": y1, "x2": x2, "y2": y2, "crosses": _crosses(views[a], views[b])})
    return {"width": width, "height": height, "nodes": nodes, "edges": lines, "wide": len(shown) > FEW}


def _crosses(one: ProfileView, other: ProfileView) -> bool:
    return bool(one.country and other.country and one.country != other.country)


def _rows(area: Neighbourhood, views: dict[int, ProfileView]) -> list[dict[str, Any]]:
    """The same as a table: who, where, and through whom."""
    rows = []
    for node in area.nodes[1:]:
        view = views.get(node.key)
        if view is None:
            continue
        rows.append(
            {
                "name": title_of(view),
                "lang": view.name_lang,
                "href": address_of(view),
                "place": place_of(view),
                "crosses": _crosses(views[area.centre], view),
                "through": [
                    {"name": title_of(views[key]), "lang": views[key].name_lang, "href": address_of(views[key])}
                    for key in node.through
                    if key in views
                ],
            }
        )
    return rows


@blueprint.get("/network/<handle>")
def network(handle: str) -> ResponseReturnValue:
    """Who is connected around a profile, and through whom."""
    session, actor = db(), current_actor()
    profile = find_profile(session, handle)
    view = present(session, actor, profile, reading_languages()) if profile is not None else None
    if profile is None or view is None:
        raise NotFound
    found: Network = load_network(session, actor, profile)
    area = found.area
    views = views_by_id(session, [node.key for node in area.nodes]) if area else {}
    between = [views[node.key] for node in brokers(area) if node.key in views] if area else []
    return render_template(
        "introductions/network.html",
        view=view,
        title=title_of(view),
        back=address_of(view),
        closed=found.closed,
        kept=found.kept,
        left_out=area.left_out if area else 0,
        picture=_draw(area, views) if area and len(area.nodes) > 1 and profile.id in views else None,
        rows=_rows(area, views) if area and profile.id in views else [],
        between=[{"name": title_of(v), "lang": v.name_lang, "href": address_of(v)} for v in between],
    )
