"""Asking for contact and answering, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.features.introductions.models import Introduction
from app.features.profiles.models import Profile

pytestmark = pytest.mark.usefixtures("world")
NOTE = "Hello, shall we write exercises in Swahili together?"


def ask(program, to="baraka", **more):
    return program.post("/introductions", json={"to": to, "note": NOTE, "lang": "en", **more})


def test_from_hello_to_connected(program):
    amina, baraka = program("amina"), program("baraka")
    asked = ask(amina)
    assert asked.status_code == 201, asked.json
    number = asked.json["id"]
    assert asked.headers["Location"].endswith(f"/api/v1/introductions/{number}")
    assert asked.json["state"] == "pending"
    assert asked.json["note"] == {"text": NOTE, "lang": "en"}
    assert (asked.json["from"]["id"], asked.json["to"]["id"], asked.json["by"]["id"]) == ("amina", "baraka", "amina")
    assert [i["id"] for i in baraka.get("/introductions").json["introductions"]] == [number]
    assert [i["id"] for i in amina.get("/introductions?box=sent").json["introductions"]] == [number]
    assert amina.get("/introductions").json["introductions"] == []
    accepted = baraka.post(f"/introductions/{number}/accept", json={"reply": "With joy.", "lang": "en"})
    assert accepted.status_code == 200 and accepted.json["state"] == "accepted"
    assert accepted.json["reply"] == {"text": "With joy.", "lang": "en"}
    assert amina.get("/people/baraka").json["connected"] is True
    assert baraka.post(f"/introductions/{number}/accept").status_code == 409
    assert amina.post(f"/introductions/{number}/withdraw").status_code == 409
    again = ask(amina)
    assert (again.status_code, again.json["reason"]) == (409, "connected")
    assert "example.org" not in accepted.text + asked.text


def test_yes_needs_no_words(program):
    number = ask(program("amina")).json["id"]
    assert program("baraka").post(f"/introductions/{number}/accept").json["state"] == "accepted"


def test_no_is_said_with_a_reason(program):
    amina, baraka = program("amina"), program("baraka")
    number = ask(amina).json["id"]
    assert baraka.post(f"/introductions/{number}/decline", json={}).json["errors"].keys() == {"reason"}
    said = baraka.post(f"/introductions/{number}/decline", json={"reason": "busy", "reply": "In spring?", "lang": "en"})
    assert said.status_code == 200, said.json
    assert said.json["state"] == "declined" and said.json["reason"] == "busy"
    again = ask(amina)
    assert (again.status_code, again.json["reason"]) == (403, "declined")


def test_what_was_asked_can_be_taken_back(program):
    amina, baraka = program("amina"), program("baraka")
    number = ask(amina).json["id"]
    assert baraka.post(f"/introductions/{number}/withdraw").status_code == 404
    assert amina.post(f"/introductions/{number}/withdraw").json["state"] == "withdrawn"
    late = baraka.post(f"/introductions/{number}/accept")
    assert late.status_code == 409


def test_somebody_elses_introduction_is_not_there(program):
    number = ask(program("amina")).json["id"]
    stranger = program("lin")
    assert stranger.get(f"/introductions/{number}").status_code == 404
    for what in ("accept", "withdraw"):
        assert stranger.post(f"/introductions/{number}/{what}").status_code == 404
    assert stranger.post(f"/introductions/{number}/decline", json={"reason": "busy"}).status_code == 404
    # The one who asked can't say yes to themselves.
    assert program("amina").post(f"/introductions/{number}/accept").status_code == 404
    assert program("baraka").get(f"/introductions/{number}").json["state"] == "pending"


def test_who_was_asked_first_is_led_to_the_answer(program):
    amina, baraka = program("amina"), program("baraka")
    number = ask(amina).json["id"]
    twice = ask(amina)
    assert (twice.status_code, twice.json["reason"], twice.json["introduction"]) == (409, "asked_them", number)
    back = ask(baraka, "amina")
    assert (back.status_code, back.json["reason"], back.json["introduction"]) == (409, "asked_me", number)


def test_it_expires(program, database):
    number = ask(program("amina")).json["id"]
    with database.transaction() as session:
        session.execute(update(Introduction).values(expires_at=now() - timedelta(minutes=1)))
    baraka = program("baraka")
    assert baraka.get(f"/introductions/{number}").json["state"] == "expired"
    assert baraka.post(f"/introductions/{number}/accept").status_code == 409


def test_what_cannot_be_asked_says_why(program, database):
    amina = program("amina")
    assert ask(amina, "nobody").status_code == 404
    assert ask(amina, "amina").json["reason"] == "yourself"
    assert ask(amina, "empty").json["reason"] == "nobody"
    assert ask(amina, note="Too short").json["errors"].keys() == {"note"}
    assert ask(amina, lang="klingon").json["errors"].keys() == {"lang"}
    assert amina.post("/introductions", json={"to": "baraka"}).json["errors"].keys() == {"note"}
    assert ask(amina, **{"from": "dalia"}).json["errors"].keys() == {"from"}
    with database.transaction() as session:
        session.execute(update(Profile).where(Profile.handle == "lin").values(monthly_contacts=0))
    closed = ask(amina, "lin")
    assert (closed.status_code, closed.json["reason"]) == (403, "closed")


def test_an_institution_speaks_through_those_who_act_for_it(program):
    amina, baraka = program("amina"), program("baraka")
    asked = ask(amina, **{"as": "college"})
    assert asked.status_code == 201, asked.json
    assert (asked.json["from"]["id"], asked.json["by"]["id"]) == ("college", "amina")
    sent = amina.get("/introductions?box=sent&as=college").json["introductions"]
    assert [row["id"] for row in sent] == [asked.json["id"]]
    assert ask(baraka, "lin", **{"as": "college"}).status_code == 404
    assert baraka.get("/introductions?as=college").status_code == 404


def test_somebody_asks_no_more_than_ten_a_day(program, database):
    amina = program("amina")
    ask(amina)
    with database.transaction() as session:
        first = session.query(Introduction).one()
        others = [p.id for p in session.query(Profile) if p.handle not in ("amina", "baraka", "lin")]
        for place in range(9):
            other = others[place % len(others)]
            session.add(
                Introduction(
                    from_profile_id=first.from_profile_id, to_profile_id=other, by_person_id=first.by_person_id,
                    note=NOTE, state="withdrawn", expires_at=first.expires_at,
                )
            )  # fmt: skip
    often = ask(amina, "lin")
    assert (often.status_code, often.json["reason"]) == (429, "often")
    assert int(often.headers["Retry-After"]) > 0


def test_a_hidden_note_stays_hidden(program, database):
    number = ask(program("amina")).json["id"]
    with database.transaction() as session:
        session.execute(update(Introduction).values(hidden_at=now()))
    assert program("baraka").get(f"/introductions/{number}").json["note"] is None


def test_pages_go_on_where_they_ended(program, database):
    amina = program("amina")
    ask(amina)
    with database.transaction() as session:
        first = session.query(Introduction).one()
        for _number in range(24):
            session.add(
                Introduction(
                    from_profile_id=first.from_profile_id, to_profile_id=first.to_profile_id, note=NOTE,
                    state="withdrawn", expires_at=first.expires_at, by_person_id=first.by_person_id,
                )
            )  # fmt: skip
    page = amina.get("/introductions?box=sent").json
    assert len(page["introductions"]) == 20 and page["introductions"][0]["state"] == "pending"
    rest = amina.get("/introductions", query_string={"box": "sent", "cursor": page["next"]}).json
    assert len(rest["introductions"]) == 5 and rest["next"] is None
    assert amina.get("/introductions?cursor=elsewhere").json["errors"].keys() == {"cursor"}
