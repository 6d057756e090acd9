"""Order in the house and community health: their tabs, notices, the notice on top of pages, the download, the going."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import Panel, Tab, add_eraser, add_exporter, add_panel, add_tab
from app.features.communities.models import HouseReport
from app.features.communities.queries.house_log import list_about, list_reports_by
from app.features.communities.views.measures import measure_values
from app.features.profiles.queries.profiles import find_person_of_account


def load_measure(_session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """For somebody who is muted or was taken out: until when, and why."""
    return measure_values(standing)


def export_order(session: Session, account_id: int) -> Any:
    """What the person reported to coordinators, and what was done that concerns them."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {}
    return {
        "reported": [
            {
                "community": row.community_id,
                "kind": row.kind,
                "reason": row.reason,
                "note": row.note,
                "language": row.lang,
                "reported_at": row.created_at.isoformat(),
                "state": row.state,
            }
            for row in list_reports_by(session, person.id)
        ],
        "concerning_me": [
            {
                "community": row.community_id,
                "action": row.action,
                "kind": row.kind,
                "reason": row.reason,
                "at": row.at.isoformat(),
            }
            for row in list_about(session, person.id)
        ],
    }


def erase_order(session: Session, account_id: int) -> None:
    """What the person reported stays to be decided, without who reported it and without their words."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        session.execute(
            update(HouseReport)
            .where(HouseReport.by_person_id == person.id)
            .values(by_person_id=None, note="", lang=None, open_key=None)
            .execution_options(synchronize_session=False)
        )


add_tab(Tab("community", "order", N_("Order"), "communities.keep_order", order=80, open_to="facilitators"))
add_tab(Tab("community", "health", N_("How we are doing"), "communities.show_health", order=90, open_to="facilitators"))
add_panel(Panel("community-notice", "communities.measure", "communities/order/notice.html", load_measure, order=10))
add_exporter("order_in_communities", export_order)
add_eraser("communities_order", erase_order)
for _kind, _text, _endpoint, _mail in (
    ("house_report", N_("Somebody in “%(community)s” asks you to look at something"), "keep_order", True),
    ("house_acted", N_("What you reported in “%(community)s” was looked at and acted on"), "list_own_reports", False),
    (
        "house_left",
        N_("What you reported in “%(community)s” was looked at and left as it is"),
        "list_own_reports",
        False,
    ),
    (
        "house_forwarded",
        N_("What you reported in “%(community)s” was passed on to the moderators of Commonweave"),
        "list_own_reports",
        False,
    ),
    ("house_muted", N_("You can read but not write in “%(community)s” for now: %(reason)s"), "show_measure", True),
    ("house_unmuted", N_("You can write in “%(community)s” again"), "show_measure", True),
    ("house_removed", N_("You were taken out of “%(community)s”: %(reason)s"), "show_measure", True),
    ("house_restored", N_("You belong to “%(community)s” again"), "show_measure", True),
):
    add_notice_kind(NoticeKind(_kind, _text, f"communities.{_endpoint}", ("slug",), _mail))
