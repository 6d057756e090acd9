"""The network around a person or an institution: a picture made on the server, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
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
from app.matching.graph import Neighbourhood, Node, brokers, layout, neighbourhood, spread

FEW = 11


@dataclass(frozen=True, slots=True)
class Frame:
    """The room a picture has: its size, what two names need beside and above each other, how long a name may be."""

    width: int
    height: int
    gap: tuple[float, float]
    label: int


# A wide picture, low where there are few, and for narrow screens one of the nearest; each at its own size.
NARROW = Frame(240, 340, (104.0, 54.0), 13)
LOW = Frame(600, 280, (156.0, 56.0), 20)
WIDE = Frame(940, 760, (140.0, 56.0), 20)
MARGIN_TOP, MARGIN_BOTTOM = 28, 44


def _label(name: str, longest: int) -> str:
    # Isolated, so that the dots follow the name in its own direction.
    return name if len(name) <= longest else f"\u2068{name[: longest - 1].rstrip()}…\u2069"


def _pictures(area: Neighbourhood, views: dict[int, ProfileView]) -> list[dict[str, Any]]:
    """A wide picture, and for narrow screens one of the nearest."""
    nearest = neighbourhood(area.edges, area.centre, FEW)
    return [
        {**_draw(area, views, LOW if len(area.nodes) <= FEW else WIDE), "id": "network", "shown": "only-wide"},
        {**_draw(nearest, views, NARROW), "id": "network-near", "shown": "only-narrow"},
    ]


def _draw(area: Neighbourhood, views: dict[int, ProfileView], frame: Frame) -> dict[str, Any]:
    """The values of a picture: nodes and edges with their places in it, and the box that holds them."""
    shown = [node for node in area.nodes if node.key in views]
    places = spread(layout(area), frame.width, frame.height, frame.gap)
    ends = [(a, b) for a, b in area.edges if a in views and b in views]
    xs, ys = zip(*(places[node.key] for node in shown), strict=True)
    half = round(max(map(abs, xs)) + frame.gap[0] / 2)
    top = round(min(ys)) - MARGIN_TOP
    return {
        "box": f"{-half} {top} {2 * half} {round(max(ys)) + MARGIN_BOTTOM - top}",
        "width": 2 * half,
        "nodes": [_point(node, views[node.key], places[node.key], frame.label) for node in shown],
        "edges": [{"from": places[a], "to": places[b], "crosses": _crosses(views[a], views[b])} for a, b in ends],
    }


def _point(node: Node, view: ProfileView, place: tuple[float, float], longest: int) -> dict[str, Any]:
    name = title_of(view)
    return {
        "x": place[0],
        "y": place[1],
        "name": name,
        "label": _label(name, longest),
        "lang": view.name_lang,
        "href": url_for("introductions.network", handle=view.handle) if node.distance else address_of(view),
        "kind": view.kind,
        "distance": node.distance,
    }


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
        pictures=_pictures(area, views) if area and len(area.nodes) > 1 and profile.id in views else [],
        rows=_rows(area, views) if area and profile.id in views else [],
        between=[{"name": title_of(v), "lang": v.name_lang, "href": address_of(v)} for v in between],
    )
