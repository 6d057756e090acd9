"""Where somebody belongs: all of it on one page, in parts that follow each other."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.communities.models import ASKED, CLOSED, Community, Invitation, Member
from app.features.communities.queries import own
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.statements import count_statements

HERE = "/memberships"


@pytest.fixture
def add(database):
    """``add(3, "asked")``: so many further communities, in which bela has that place."""
    with database.transaction() as session:
        amina, bela = make_person(session, "amina"), make_person(session, "bela")
    count = iter(range(1000))

    def make(many: int, place: str = "active", **values: object) -> None:
        with database.transaction() as session:
            for _again in range(many):
                number = next(count)
                community = make_community(session, f"c-{number}", amina, name=f"Circle {number:03}.", **values)
                if place == "invited":
                    code, until = f"code-{number}", now() + timedelta(days=3)
                    session.add(
                        Invitation(
                            community_id=community.id, kind="person", code=code, person_id=bela.id,
                            by_person_id=amina.id, expires_at=until,
                        )
                    )  # fmt: skip
                elif place == ASKED:
                    session.add(
                        Member(community_id=community.id, person_id=bela.id, state=ASKED, asked_at=now(), answers=[])
                    )
                else:
                    add_member(session, community, bela)

    return make


def names(text: str) -> list[str]:
    return re.findall(r"Circle \d+\.", re.sub(r"<button.*?</button>|<span class=\"aloud\">.*?</span>", "", text))


def test_all_of_it_stands_there_with_what_can_be_done(add, sign_in):
    bela = sign_in("bela")
    assert "None yet" in bela.get(HERE).get_data(as_text=True)
    add(1), add(1, ASKED), add(1, "invited")
    text = bela.get(HERE).get_data(as_text=True)
    assert all(part in text for part in ("You are invited", "You asked to join", "You belong to", "Member"))
    assert 'href="/communities/c-0"' in text and 'href="/communities/c-1/join"' in text
    assert "Open the invitation" in text and HERE in bela.get("/").get_data(as_text=True)


@pytest.mark.parametrize("place", ["active", ASKED, "invited"])
def test_each_list_is_paged_and_costs_the_same(add, sign_in, database, monkeypatch, place):
    for function in (own.find_own_page, own.list_waiting_for):
        defaults = tuple(4 if value == own.PAGE else value for value in function.__defaults__)
        monkeypatch.setattr(function, "__defaults__", defaults)
    bela = sign_in("bela")
    add(2, place)
    bela.get(HERE)
    with count_statements(database) as few:
        bela.get(HERE)
    add(7, place)
    seen, address = [], HERE
    with count_statements(database) as many:
        bela.get(HERE)
    while address:
        text = bela.get(address).get_data(as_text=True)
        seen += dict.fromkeys(names(text))
        found = re.search(r'href="([^"]+)" rel="next"', text)
        address = html.unescape(found.group(1)) if found else None
    assert len(seen) == len(set(seen)) == 9 and len(many) - len(few) <= 1
    assert bela.get(f"{HERE}?after=x&asked=y&before=z").status_code == 200


def test_an_old_invitation_opens_the_door_past_many_newer_ones(add, sign_in, database):
    add(1, "invited", joining="invitation")
    add(6, "invited")
    text = sign_in("bela").get("/communities/c-0/join").get_data(as_text=True)
    assert "code-0" in text


def test_what_is_closed_or_lapsed_invites_nobody(add, sign_in, database):
    add(3, "invited")
    with database.transaction() as session:
        closed, lapsed, _open = session.query(Community).order_by(Community.id)
        closed.state = CLOSED
        session.query(Invitation).filter_by(community_id=lapsed.id).update({"expires_at": now()})
    assert set(names(sign_in("bela").get(HERE).get_data(as_text=True))) == {"Circle 002."}
