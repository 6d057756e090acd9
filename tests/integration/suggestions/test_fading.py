"""Whoever has a full month, or has not been here for long, is suggested later; and comes back when that changes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.introductions.models import Introduction
from app.features.profiles.models import Person
from tests.integration.suggestions.world import teacher

NOTE = {"note": "Habari, I teach mathematics too. Shall we compare plans?", "lang": "sw"}


@pytest.fixture
def world(database):
    """Amina asks; Baraka and Chausiku are the same but for room, Dalia and Eshe are others who may ask."""
    with database.transaction() as session:
        people = [teacher(session, one) for one in ("amina", "dalia", "eshe")]
        people += [teacher(session, one, monthly_contacts=1) for one in ("baraka", "chausiku")]
        return {one.handle: one.id for one in people}


@pytest.fixture
def found(runner, world):
    def ask() -> dict[str, dict[str, object]]:
        result = runner.invoke(args=["suggestions", "for", "amina", "--json"])
        assert result.exit_code == 0, result.stderr
        return {item["id"]: item for item in json.loads(result.stdout)["suggestions"]}

    return ask


def points_of(item, criterion: str) -> int:
    return sum(one["contribution"] for one in item["reasons"] if one["criterion"] == criterion)


def test_a_full_month_comes_later_and_an_empty_one_comes_back(found, sign_in, database, runner, world):
    before = found()
    assert before["baraka"]["score"] == before["chausiku"]["score"]
    assert sign_in("dalia").submit("/introductions/ask/baraka", NOTE).status_code == 303
    full = found()
    assert list(full).index("baraka") > list(full).index("chausiku")
    assert points_of(full["baraka"], "capacity") < 0
    assert full["baraka"]["score"] < full["chausiku"]["score"] == before["chausiku"]["score"]
    with database.transaction() as session:
        row = session.scalars(select(Introduction)).one()
        row.created_at -= timedelta(days=31)
    assert runner.invoke(args=["suggestions", "rebuild"]).exit_code == 0
    assert found()["baraka"]["score"] == before["baraka"]["score"]


def test_more_room_said_on_the_page_counts_at_once(found, sign_in):
    assert sign_in("dalia").submit("/introductions/ask/baraka", NOTE).status_code == 303
    full = found()["baraka"]
    browser = sign_in("baraka")
    answer = browser.submit("/profile/contacts", {"suggestible": "y", "monthly_contacts": "10"})
    assert answer.status_code == 303
    now_open = found()["baraka"]
    assert now_open["score"] > full["score"] and points_of(now_open, "capacity") > 0


def test_a_profile_that_lapses_fades_step_by_step_and_is_fresh_again_once_confirmed(
    found, sign_in, database, runner, world
):
    scores = []
    for days in (0, 60, 120, 300, 500, 1000):
        with database.transaction() as session:
            session.get_one(Person, world["baraka"]).confirmed_at = now() - timedelta(days=days)
        assert runner.invoke(args=["suggestions", "rebuild"]).exit_code == 0
        item = found()["baraka"]
        scores.append(item["score"])
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)
    assert list(found())[-1] == "baraka"
    assert sign_in("baraka").submit("/profile/confirm", {}, page="/profile").status_code == 303
    assert found()["baraka"]["score"] == scores[0]
