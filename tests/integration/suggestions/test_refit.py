"""Learning the weights from what came of the lists: from the pages to examples, and from examples to the lists."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.features.communities.models import Community, Member
from app.features.introductions.models import Introduction
from app.features.suggestions.models import (
    Dismissal,
    MatchChoice,
    MatchChoiceLog,
    MatchModel,
    SuggestionShown,
)
from app.features.suggestions.queries.outcomes import write_measured
from app.matching import learning
from app.matching.model import Worth
from app.matching.outcomes import ACCEPTED, DECLINED, IGNORED, LED, NOT_FOR_ME, UNTOUCHED
from tests.integration.suggestions.world import make_world
from tests.support.people import make_person
from tests.unit.matching.outcomes import at_random, draw_outcomes, liking

LIKED = Worth(interests=6, subject=1, level=1, teaching_language=1, tags=1, place=1, language=4)
LISTS = 300


@pytest.fixture
def refit(runner):
    def run(*arguments: str):
        result = runner.invoke(args=["matching", "refit", "--json", *arguments])
        assert result.exit_code == 0, result.output
        return {one["kind"]: one for one in json.loads(result.stdout)["kinds"]}

    return run


@pytest.fixture
def world(database):
    with database.transaction() as session:
        return {name: profile.id for name, profile in make_world(session).items()}


def age(database, days):
    """Let everything have happened so many days earlier."""
    with database.transaction() as session:
        for table, names in (
            (SuggestionShown, ("at",)),
            (Dismissal, ("created_at",)),
            (Introduction, ("created_at", "decided_at", "expires_at")),
        ):
            for row in session.scalars(select(table)):
                for name in names:
                    moment = getattr(row, name)
                    setattr(row, name, moment and moment - timedelta(days=days))


def introduce(browser, handle):
    response = browser.submit(
        f"/introductions/ask/{handle}", {"note": "Shall we work on fractions together?", "lang": "en"}
    )
    assert response.status_code == 303


def put_aside(browser, handle, reason):
    page = f"/suggestions/dismiss?handle={handle}"
    answered = browser.submit("/suggestions/dismiss", {"handle": handle, "reason": reason}, page=page)
    assert answered.status_code == 303


def answer(database, browser, action, data=None):
    with database.reading() as session:
        number = session.scalars(select(Introduction.id).order_by(Introduction.id.desc())).first()
    page = f"/introductions/{number}" if action == "accept" else None
    assert browser.submit(f"/introductions/{number}/{action}", data or {}, page=page).status_code == 303


def test_what_came_of_a_list_is_found_again(world, sign_in, database, refit):
    amina = sign_in("amina")
    assert amina.get("/suggestions?kind=peers").status_code == 200
    introduce(amina, "baraka")
    answer(database, sign_in("baraka"), "accept")
    put_aside(amina, "chausiku", "subject")
    age(database, 8)
    found = refit("--dry-run")["peers"]["answers"]
    assert found.pop(ACCEPTED) == 1 and found.pop(NOT_FOR_ME) == 1
    assert set(found) == {UNTOUCHED}
    assert refit("--dry-run")["collaborators"]["answers"] == {}


@pytest.mark.parametrize(("reason", "counts"), [("language", True), ("known", False)])
def test_who_is_put_aside_as_known_says_nothing(reason, counts, world, sign_in, database, refit):
    amina = sign_in("amina")
    amina.get("/suggestions?kind=peers")
    introduce(amina, "baraka")
    answer(database, sign_in("baraka"), "accept")
    put_aside(amina, "chausiku", reason)
    found = refit("--dry-run")["peers"]["answers"]
    assert found == ({ACCEPTED: 1, NOT_FOR_ME: 1} if counts else {ACCEPTED: 1})


def test_declined_ignored_waiting_and_led_on(world, sign_in, database, refit):
    amina = sign_in("amina")
    amina.get("/suggestions?kind=peers")
    for handle in ("baraka", "chausiku", "dalia", "lin"):
        introduce(amina, handle)
    with database.transaction() as session:
        asked = {one.to_profile_id: one for one in session.scalars(select(Introduction))}
        for name, state in (("baraka", "accepted"), ("chausiku", "declined"), ("dalia", "expired")):
            row = asked[world[name]]
            row.state, row.open_key = state, None
            row.decided_at = None if state == "expired" else now()
            row.expires_at = now() if state == "expired" else row.expires_at
    # Lin has not answered yet.
    assert refit("--dry-run")["peers"]["answers"] == {ACCEPTED: 1, DECLINED: 1, IGNORED: 1}
    with database.transaction() as session:
        community = Community(slug="fractions", name="Fractions", lang="en")
        session.add(community)
        session.flush()
        for name in ("amina", "baraka"):
            session.add(Member(community_id=community.id, person_id=world[name], joined_at=now()))
    assert refit("--dry-run")["peers"]["answers"] == {LED: 1, DECLINED: 1, IGNORED: 1}


def test_what_comes_long_after_the_list_is_not_put_down_to_it(world, sign_in, database, refit):
    amina = sign_in("amina")
    amina.get("/suggestions?kind=peers")
    age(database, 20)
    introduce(amina, "baraka")
    answer(database, sign_in("baraka"), "accept")
    assert ACCEPTED not in refit("--dry-run")["peers"]["answers"]


def write_outcomes(database, drawn):
    """Make-believe lists with what came of them, as rows: each asker's lists name others, each once."""
    rng, begin = random.Random(5), now() - timedelta(days=88)
    with database.transaction() as session:
        people = [make_person(session, f"p{number}").id for number in range(130)]
        lists, unseen = {}, {}
        for one in drawn:
            lists.setdefault((one.asker, one.at), []).append(one)
        for (asker, at), shown in sorted(lists.items()):
            own = people[asker]
            rest = unseen.setdefault(asker, rng.sample([one for one in people if one != own], 129))
            when = begin + timedelta(days=80 * at / LISTS)
            others = [rest.pop() for _ in shown if rest]
            noted = [write_measured(one.measured) for one in shown[: len(others)]]
            kept = {"ids": others, "scores": [0] * len(others), "measured": noted, "kind": "peers"}
            session.add(SuggestionShown(profile_id=own, kind="home", shown=kept, at=when))
            for other, one in zip(others, shown, strict=False):
                known = when + timedelta(days=1)
                if one.outcome in (ACCEPTED, LED):
                    introduction = Introduction(
                        from_profile_id=own, to_profile_id=other, note="n", state="accepted",
                        created_at=when, decided_at=known, expires_at=known,
                    )  # fmt: skip
                    session.add(introduction)
                elif one.outcome == NOT_FOR_ME:
                    session.add(Dismissal(profile_id=own, dismissed_id=other, reason="subject", created_at=known))


@pytest.fixture(scope="module")
def clear():
    return draw_outcomes(LISTS, liking(LIKED), 0)


def read(database, *tables):
    with database.reading() as session:
        found = [list(session.scalars(select(table))) for table in tables]
        session.expunge_all()
        return found


def totals(runner, handle):
    result = runner.invoke(args=["suggestions", "for", handle, "--json"])
    found = json.loads(result.stdout)["suggestions"]
    assert all(sum(reason["contribution"] for reason in one["reasons"]) == one["score"] for one in found)
    return [(one["id"], one["score"]) for one in found]


def test_a_clear_liking_is_learnt_used_and_told(clear, world, database, refit, runner, sign_in):
    write_outcomes(database, clear)
    before = totals(runner, "amina")
    dry = refit("--dry-run")["peers"]
    assert dry["state"] == "in use" and dry["model"] is None
    assert read(database, MatchModel, MatchChoice, MatchChoiceLog) == [[], [], []]
    assert totals(runner, "amina") == before
    found = refit()
    peers = found["peers"]
    assert peers["better"] and peers["figures"]["lower"] > 0 and peers["outcomes"] > peers["held_out"] > 50
    assert {**peers, "model": None, "to": "", "from": ""} == {**dry, "to": "", "from": ""}
    assert found["institutions"]["state"] == "too few outcomes"
    (models, (choice,), (log,)) = read(database, MatchModel, MatchChoice, MatchChoiceLog)
    assert [(one.kind, one.better, one.weights) for one in models] == [("peers", True, peers["weights"])]
    assert (choice.model_id, choice.pinned) == (models[0].id, False)
    assert (log.model_id, log.by_job, log.by_account_id) == (models[0].id, True, None)
    after = totals(runner, "amina")
    assert after != before and {handle for handle, _ in after} == {handle for handle, _ in before}
    with database.transaction() as session:
        make_person(session, "olga", roles=["operator"])
    page = sign_in("olga").get("/admin/matching").get_data(as_text=True)
    assert "Learnt on" in page and "Switched on by the weekly comparison" in page
    # The same outcomes again give nothing better than what is in use.
    assert refit()["peers"]["state"] == "kept out"
    assert totals(runner, "amina") == after


def test_a_pinned_model_stays(clear, database, refit):
    write_outcomes(database, clear)
    with database.transaction() as session:
        session.add(MatchChoice(kind="peers", pinned=True, version=3))
    assert refit()["peers"]["state"] == "better, but another is pinned"
    ((model,), (choice,), log) = read(database, MatchModel, MatchChoice, MatchChoiceLog)
    assert model.better and (choice.model_id, choice.version, log) == (None, 3, [])


def test_an_operator_who_changes_something_meanwhile_is_not_overruled(clear, database, refit, monkeypatch):
    write_outcomes(database, clear)
    learn = learning.learn

    def slowly(*arguments):
        with database.transaction() as session:
            if session.get(MatchChoice, "peers") is None:
                session.add(MatchChoice(kind="peers", pinned=False, version=1))
        return learn(*arguments)

    monkeypatch.setattr(learning, "learn", slowly)
    assert refit()["peers"]["state"] == "better, but another is pinned"
    assert read(database, MatchChoice)[0][0].model_id is None


def test_chance_is_recorded_and_kept_out(database, refit):
    write_outcomes(database, draw_outcomes(LISTS, at_random, 1))
    assert refit()["peers"]["state"] == "kept out"
    ((model,), choices) = read(database, MatchModel, MatchChoice)
    assert not model.better and model.weights and choices == []


def test_the_job_does_the_same_and_may_run_twice(clear, database):
    write_outcomes(database, clear)
    for _ in range(2):
        with database.transaction() as session:
            jobs.enqueue(session, "suggestions.refit")
        jobs.work(database, until_empty=True)
    models, (choice,) = read(database, MatchModel, MatchChoice)
    # It is due by itself as well, so it ran more often than it was asked to.
    assert [one.better for one in models] == [True, *[False] * (len(models) - 1)]
    assert choice.model_id == models[0].id and choice.version == 1
