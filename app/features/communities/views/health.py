"""How a community is doing, for those who keep order: figures, what they mean, what one can do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_number, ngettext
from flask_babel import gettext as _

from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries.health_report import PERIODS, Report, load_report
from app.features.communities.views import health_words as words
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.order import keeper_standing
from app.matching.participation import Coarse, is_told


def _count(number: int) -> str:
    """A number of people, or that they are too few to be counted."""
    return str(format_number(number)) if is_told(number) else _("fewer than 5")


def _compared(found: Coarse, report: Report, name_of: Any) -> list[dict[str, Any]]:
    """Members and posts of each group side by side."""
    members, posts = max(report.members, 1), max(report.posts, 1)
    return [
        {
            "name": name_of(group.key),
            "members_share": group.counts[0] / members,
            "members": words.percent(group.counts[0] / members) if group.counts[0] else "–",
            "posts_share": group.counts[1] / posts,
            "posts": words.percent(group.counts[1] / posts),
        }
        for group in words.groups_of(found)
    ]


def _languages(report: Report) -> list[dict[str, Any]]:
    members, posts = max(report.members, 1), max(report.posts, 1)
    rows = [
        {
            "name": words.language(group.key),
            "readers": _count(group.counts[0]),
            "readers_share": group.counts[0] / members if is_told(group.counts[0]) else 0,
            "posts": format_number(group.counts[1]),
            "posts_share": group.counts[1] / posts,
            "offered": group.key in report.languages.offered,
        }
        for group in report.languages.read.shown
    ]
    others = report.languages.read.others
    if others is not None:
        # How many people these are together is not known: one may have several of them.
        rows.append({"name": _("Other languages, together"), "readers": "–", "readers_share": 0, "offered": None,
                     "posts": format_number(others.counts[1]), "posts_share": others.counts[1] / posts})  # fmt: skip
    return rows


def _weeks(report: Report, standing: Standing) -> list[dict[str, Any]]:
    begin = standing.moment - timedelta(weeks=len(report.weeks))
    return [
        {
            "day": format_date(begin + timedelta(weeks=week.number), "medium"),
            "posts": week.posts,
            "people": _count(week.people),
        }
        for week in report.weeks
    ]


def _half_sentence(report: Report) -> str:
    return str(
        ngettext(
            "Half of the posts come from %(num)s of the %(authors)s people who wrote.",
            "Half of the posts come from %(num)s of the %(authors)s people who wrote.",
            report.half,
            authors=format_number(report.authors),
        )
    )


def _tabs(slug: str, days: int) -> list[dict[str, Any]]:
    labels = {30: _("30 days"), 90: _("90 days"), 365: _("A year")}
    return [
        {"label": labels[period], "href": url_for("communities.show_health", slug=slug, days=period),
         "here": period == days}
        for period in PERIODS
    ]  # fmt: skip


# What calls for something, the most pressing first; the page begins with the first few.
_PRESSING = ("answers", "heard", "trend", "even", "across", "tongues")
_FIRST = 2


def _first(advice: dict[str, list[words.Advice]]) -> list[tuple[str, str]]:
    """What matters most now: the section that says more, and the matter in one line."""
    return [(name, one.matter) for name in _PRESSING for one in advice[name] if one.matter][:_FIRST]


@blueprint.get("/communities/<slug>/health")
def show_health(slug: str) -> ResponseReturnValue:
    """Who is heard, who is answered, what crosses, what changes; over 30, 90 or 365 days."""
    standing = keeper_standing(slug)
    days = request.args.get("days", type=int)
    days = days if days in PERIODS else PERIODS[1]
    report = load_report(db(), standing, days)
    coordinates = can_coordinate(standing)
    advice: dict[str, list[words.Advice]] = {
        "heard": [words.heard(report, slug)],
        "even": [words.evenness(report, slug)],
        "answers": [words.welcome(report.newcomers, slug)],
        "across": [words.crossing(report, slug)],
        "tongues": words.speaking(report.languages, slug, coordinates),
        "wishes": [words.wishing(report)],
        "trend": [words.trend(report, slug)],
    }
    return render_in_community(
        standing,
        "communities/health/health.html",
        "health",
        report=report,
        period_tabs=_tabs(slug, days),
        first=_first(advice),
        countries=_compared(report.countries, report, words.place),
        roles=_compared(report.roles, report, words.part),
        languages=_languages(report),
        weeks=_weeks(report, standing),
        half=_half_sentence(report),
        wishes=[(words.language(tag), number) for tag, number in report.wishes],
        words=words,
        advice=advice,
    )
