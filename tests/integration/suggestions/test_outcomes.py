"""What two did together after they met here: which of it is learnt from, and which is not."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.features.communities.models import COORDINATOR, MEMBER, Community, Member
from app.features.introductions.models import Introduction
from app.features.profiles.models import Delegation
from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject
from app.features.renditions.models import Rendition, RenditionVersion
from app.features.suggestions.models import Dismissal, SuggestionShown
from app.features.suggestions.queries.outcomes import write_measured
from app.features.suggestions.queries.together import list_together
from app.matching.outcomes import ACCEPTED, FOUNDED, LED, MADE, NOT_FOR_ME, OUTCOMES, PROJECT, UNTOUCHED
from app.matching.query import Measured
from tests.integration.suggestions.world import make_world
from tests.support.people import make_institution, make_person

SHOWN = now() - timedelta(days=40)
MET = SHOWN + timedelta(days=2)
BEFORE, SINCE = MET - timedelta(days=9), MET + timedelta(days=9)
ALIKE = write_measured(Measured((50,) * 8, (50,) * 8, 80, 10, 20))


@pytest.fixture
def world(database):
    with database.transaction() as session:
        found = {name: profile.id for name, profile in make_world(session).items()}
        for handle in ("academy", "institute"):
            found[handle] = make_institution(session, handle, country="KE", subjects=["0541"]).id
        session.add_all(
            Delegation(institution_id=found[there], person_id=found[who], role="representative", accepted_at=BEFORE)
            for who, there in (("baraka", "academy"), ("dalia", "college"))
        )
        return found


@pytest.fixture
def came(runner):
    """What is learnt from for a kind: how many of each outcome."""

    def run(kind="peers"):
        result = runner.invoke(args=["matching", "refit", "--dry-run", "--json"])
        assert result.exit_code == 0, result.output
        found = next(one for one in json.loads(result.stdout)["kinds"] if one["kind"] == kind)
        return found["answers"]

    return run


def show(session, world, asker, others, kind="peers", at=SHOWN):
    ids = [world[other] for other in others]
    noted = {"ids": ids, "scores": [0] * len(ids), "measured": [ALIKE] * len(ids), "kind": kind}
    session.add(SuggestionShown(profile_id=world[asker], kind=kind, shown=noted, at=at))


def connect(session, world, one, other):
    """One asked the other just after the list was shown, and they said yes."""
    session.add(
        Introduction(
            from_profile_id=world[one], to_profile_id=world[other], note="n", state="accepted",
            created_at=SHOWN + timedelta(hours=1), decided_at=MET, expires_at=MET,
        )
    )  # fmt: skip


def add_project(session, world, members, day, others=0):
    known = {one.external_id: one for one in session.scalars(select(PartnerOrganisation))}
    names = [*members, *(f"other-{number}" for number in range(others))]
    number = len(session.scalars(select(PartnershipProject)).all())
    project = PartnershipProject(external_id=f"p{number}", started_on=day.date())
    for name in names:
        if name not in known:
            known[name] = PartnerOrganisation(external_id=name, institution_id=world.get(name))
    session.add_all([project, *known.values()])
    session.flush()
    session.add_all(PartnershipParticipation(project_id=project.id, organisation_id=known[name].id) for name in names)


def add_community(session, world, roles, begun, joined):
    community = Community(slug="fractions", name="Fractions", lang="en", created_at=begun)
    session.add(community)
    session.flush()
    session.add_all(
        Member(community_id=community.id, person_id=world[name], role=role, joined_at=joined)
        for name, role in roles.items()
    )


def add_translation(session, world, wrote, reviewed, at, machine=False):
    session.add(
        Rendition(
            kind="resource", thing_id=1, lang="sw", source_lang="en", of_version=1, machine=machine, updated_at=at,
            by_person_id=world.get(wrote), reviewed_by=world.get(reviewed), reviewed_at=at if reviewed else None,
        )
    )  # fmt: skip


@pytest.fixture
def met(world, database):
    with database.transaction() as session:
        show(session, world, "amina", ["baraka", "chausiku"])
        connect(session, world, "amina", "baraka")
    return world


@pytest.mark.parametrize(
    ("roles", "begun", "joined", "outcome"),
    [
        ((COORDINATOR, COORDINATOR), SINCE, SINCE, FOUNDED),
        ((COORDINATOR, COORDINATOR), BEFORE, SINCE, LED),
        ((COORDINATOR, MEMBER), SINCE, SINCE, LED),
        ((COORDINATOR, COORDINATOR), BEFORE, BEFORE, ACCEPTED),
    ],
)
def test_a_community_counts_by_what_both_do_there(roles, begun, joined, outcome, met, database, came):
    with database.transaction() as session:
        add_community(session, met, dict(zip(("amina", "baraka"), roles, strict=True)), begun, joined)
    assert came() == {outcome: 1, UNTOUCHED: 1}


def test_short_lists_of_first_pages_count_as_what_they_are(world, database, came):
    with database.transaction() as session:
        show(session, world, "amina", ["baraka", "chausiku"])
        session.flush()
        session.scalars(select(SuggestionShown)).one().kind = "home"
        connect(session, world, "amina", "baraka")
    assert came() == {ACCEPTED: 1, UNTOUCHED: 1}
    assert came("bridges") == {}


def test_of_a_large_community_only_those_who_met_are_read(met, database, monkeypatch):
    with database.transaction() as session:
        everyone = ["amina", "baraka", "chausiku", "dalia", "lin", "chen"]
        add_community(session, met, dict.fromkeys(everyone, MEMBER), BEFORE, SINCE)
    agreed = {(met["amina"], met["baraka"]): MET, (met["dalia"], met["lin"]): MET}
    read = []
    with database.reading() as session:
        execute = session.execute
        monkeypatch.setattr(session, "execute", lambda *asked: read.append(rows := execute(*asked).all()) or rows)
        found = list_together(session, agreed, now())
    assert found == dict.fromkeys(agreed, (LED, SINCE))
    # Beside whom they act for.
    assert len([row for rows in read for row in rows if len(row) == 6]) == len(agreed)


@pytest.mark.parametrize(
    ("wrote", "reviewed", "at", "machine", "outcome"),
    [
        ("amina", "baraka", SINCE, False, MADE),
        ("baraka", "amina", SINCE, False, MADE),
        ("amina", "baraka", BEFORE, False, ACCEPTED),
        ("amina", "chausiku", SINCE, False, ACCEPTED),
        ("amina", None, SINCE, False, ACCEPTED),
        ("amina", "baraka", SINCE, True, ACCEPTED),
    ],
)
def test_a_translation_counts_that_both_worked_on_since(wrote, reviewed, at, machine, outcome, met, database, came):
    with database.transaction() as session:
        add_translation(session, met, wrote, reviewed, at, machine)
    assert came() == {outcome: 1, UNTOUCHED: 1}


def test_whoever_wrote_an_earlier_wording_worked_on_it_too(met, database, came):
    with database.transaction() as session:
        add_translation(session, met, "baraka", None, SINCE)
        session.flush()
        number = session.scalars(select(Rendition.id)).one()
        session.add(RenditionVersion(rendition_id=number, version=0, of_version=1, by_person_id=met["amina"], at=SINCE))
    assert came() == {MADE: 1, UNTOUCHED: 1}


@pytest.mark.parametrize(
    ("projects", "outcome"),
    [
        ([(("college", "academy"), SINCE, 0)], PROJECT),
        ([(("college", "academy"), SINCE, 48)], PROJECT),
        ([(("college", "academy"), SINCE, 49)], ACCEPTED),  # one of more than fifty
        ([(("college", "academy"), BEFORE, 0)], ACCEPTED),
        ([(("college", "academy"), SINCE - timedelta(days=3000), 0), (("college", "academy"), SINCE, 0)], ACCEPTED),
        ([(("college", "academy"), now() + timedelta(days=3), 0)], ACCEPTED),  # not begun yet
        ([(("college", "institute"), SINCE, 0), (("academy", "institute"), SINCE, 0)], ACCEPTED),
    ],
)
def test_the_first_project_of_the_institutions_of_two_who_met(projects, outcome, met, database, came):
    with database.transaction() as session:
        for members, day, others in projects:
            add_project(session, met, members, day, others)
    assert came() == {outcome: 1, UNTOUCHED: 1}


def test_two_of_one_institution_need_no_suggestion_to_work_together(world, database, came):
    with database.transaction() as session:
        show(session, world, "amina", ["dalia", "baraka"])
        connect(session, world, "amina", "dalia")
        session.add(
            Delegation(institution_id=world["academy"], person_id=world["dalia"], role="owner", accepted_at=MET)
        )
        add_project(session, world, ("college", "academy"), SINCE)
    assert came() == {ACCEPTED: 1, UNTOUCHED: 1}


def test_of_several_outcomes_the_one_that_is_worth_most_counts(met, database, came):
    with database.transaction() as session:
        add_community(session, met, {"amina": MEMBER, "baraka": MEMBER}, SINCE, SINCE)
        add_project(session, met, ("college", "academy"), SINCE)
    assert came() == {PROJECT: 1, UNTOUCHED: 1}
    assert max(OUTCOMES, key=lambda name: OUTCOMES[name].gain) == PROJECT


def test_institutions_that_were_shown_to_one_another_need_not_have_been_introduced(world, database, came):
    with database.transaction() as session:
        shown = now() - timedelta(days=600)
        show(session, world, "college", ["academy", "school", "institute"], "institutions", shown)
        add_project(session, world, ("college", "academy"), shown + timedelta(days=500))
        add_project(session, world, ("college", "school"), shown - timedelta(days=100))
        add_project(session, world, ("college", "school"), shown + timedelta(days=500))
        # A click on "not for me" says less than what they did afterwards.
        session.add(
            Dismissal(profile_id=world["college"], dismissed_id=world["academy"], reason="other", created_at=shown)
        )
    # The school was a partner already: that they went on together says nothing of the list.
    assert came("institutions") == {PROJECT: 1, UNTOUCHED: 1}


def test_people_must_have_met_before_a_project_of_their_institutions_counts(world, database, came):
    with database.transaction() as session:
        show(session, world, "amina", ["baraka", "lin"])
        connect(session, world, "amina", "lin")
        add_project(session, world, ("college", "academy"), SINCE)
    assert came() == {ACCEPTED: 1, UNTOUCHED: 1}


def test_only_what_tells_nothing_of_anybody_is_kept_for_longer(world, database):
    with database.transaction() as session:
        for days in (100, 800):
            at = now() - timedelta(days=days)
            show(session, world, "college", ["academy"], "institutions", at)
            show(session, world, "college", ["dalia"], "collaborators", at)
            show(session, world, "amina", ["academy"], "institutions", at)
        jobs.enqueue(session, "suggestions.purge")
    jobs.work(database, until_empty=True)
    with database.reading() as session:
        (kept,) = session.scalars(select(SuggestionShown))
        assert (kept.profile_id, kept.kind) == (world["college"], "institutions")
        assert kept.at > now() - timedelta(days=101)


def test_an_operator_sees_what_came_of_the_lists(met, database, sign_in):
    with database.transaction() as session:
        make_person(session, "olga", roles=["operator"])
        session.add(Dismissal(profile_id=met["amina"], dismissed_id=met["chausiku"], reason="subject", created_at=MET))
        add_project(session, met, ("college", "academy"), SINCE)
    page = sign_in("olga").get("/admin/matching?kind=peers").get_data(as_text=True)
    counted = {one: re.findall(r'class="number">([^<]+)<', page.split(OUTCOMES[one].label)[1]) for one in OUTCOMES}
    expected = {one: ["1" if one in (PROJECT, NOT_FOR_ME) else "0", str(OUTCOMES[one].gain)] for one in OUTCOMES}
    assert {one: found[:2] for one, found in counted.items()} == expected
    assert all(one.reason in page for one in OUTCOMES.values())
    other = sign_in("olga").get("/admin/matching?kind=bridges").get_data(as_text=True)
    assert "Nothing came of these lists yet" in other and "People you could reach through them" in other


@pytest.mark.parametrize("bound", ["GLANCED_OUTCOMES", "GLANCED_ASKERS"])
def test_a_page_that_somebody_waits_for_counts_only_the_latest(bound, met, database, sign_in, came, monkeypatch):
    with database.transaction() as session:
        show(session, met, "dalia", ["lin"])
        connect(session, met, "dalia", "lin")
        make_person(session, "olga", roles=["operator"])
    assert came()[ACCEPTED] == 2
    monkeypatch.setattr(f"app.features.suggestions.queries.outcomes.{bound}", 1)
    page = sign_in("olga").get("/admin/matching").get_data(as_text=True)
    assert re.findall(r'class="number">([^<]+)<', page.split(OUTCOMES[ACCEPTED].label)[1])[0] == "1"
    assert "Counted just now" in page and came()[ACCEPTED] == 2


def test_whom_a_bridge_led_to_is_noted_with_what_the_score_was_made_of(world, database, sign_in):
    assert sign_in("amina").get("/suggestions?kind=bridges").status_code == 200
    with database.reading() as session:
        row = session.scalars(select(SuggestionShown)).one()
        assert row.shown["kind"] == "bridges" and row.shown["ids"]
        scores = dict(zip(row.shown["ids"], row.shown["scores"], strict=True))
        for number, noted in zip(row.shown["ids"], row.shown["measured"], strict=True):
            assert len(noted) == 21 and noted[-1] > 0 and scores[number] > 0
