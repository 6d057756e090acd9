"""``flask sample``: loading the world, listing its people, and what stands in the database then."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, func, select

from app.core.jobs import Job
from app.core.settings import Settings
from app.factory import build_app
from app.features.accounts.models import Account
from app.features.accounts.queries import build_actor
from app.features.introductions.models import ACCEPTED, DECLINE_REASONS, DECLINED, EXPIRED, PENDING, Introduction
from app.features.profiles.models import (
    AUDIENCES,
    PARTS,
    Delegation,
    Institution,
    Person,
    Profile,
    ProfileActivity,
    ProfileLanguage,
    ProfileLevel,
    ProfileSubject,
    ProfileText,
    Vouch,
)
from app.features.relations.models import (
    Connection,
    PartnerOrganisation,
    PartnershipParticipation,
    PartnershipProject,
)
from app.features.suggestions.services.suggesting import suggest
from app.features.threads.models import CONNECTION, Message, Thread
from app.features.vocabularies.queries import is_valid, normalise_language
from tests.support.people import make_institution, make_person

PEOPLE = 120


@pytest.fixture
def loaded(runner):
    """A loaded sample world."""
    result = runner.invoke(args=["sample", "load", "--people", str(PEOPLE)])
    assert result.exit_code == 0, result.output
    return result


def _people(runner) -> list[dict]:
    result = runner.invoke(args=["sample", "people", "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert set(document) == {"people"}
    return document["people"]


def _count(database, what, *where) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where)) or 0


def _all(database, query) -> list:
    """The rows of a query, free of their session."""
    with database.reading() as session:
        rows = list(session.scalars(query))
        session.expunge_all()
    return rows


# Loading


def test_loading_says_how_much_on_standard_error_alone(loaded):
    assert loaded.stdout == ""
    assert "sample profiles loaded" in loaded.stderr


def test_loading_again_changes_nothing_and_says_so(loaded, runner, database):
    before = _count(database, Profile)
    again = runner.invoke(args=["sample", "load", "--people", "300", "--seed", "2"])
    assert again.exit_code == 0
    assert "already" in again.stderr and str(PEOPLE) in again.stderr
    assert _count(database, Profile) == before


def test_the_same_numbers_give_the_same_people(loaded, runner, settings, backend):
    url = backend.fresh()
    other = build_app(settings.model_copy(update={"database_url": url}))
    assert other.test_cli_runner().invoke(args=["sample", "load", "--people", str(PEOPLE)]).exit_code == 0
    assert _people(other.test_cli_runner()) == _people(runner)
    other.extensions["database"].dispose()
    backend.drop(url)


def test_another_seed_gives_other_people(loaded, runner, settings, backend):
    url = backend.fresh()
    other = build_app(settings.model_copy(update={"database_url": url}))
    args = ["sample", "load", "--people", str(PEOPLE), "--seed", "7"]
    assert other.test_cli_runner().invoke(args=args).exit_code == 0
    assert _people(other.test_cli_runner()) != _people(runner)
    other.extensions["database"].dispose()
    backend.drop(url)


def test_it_is_loaded_beside_what_is_there(database, runner):
    with database.transaction() as session:
        amina = make_person(session, "amina", subjects=["0541"])
        make_institution(session, "kisumu-school", owner=amina)
    assert runner.invoke(args=["sample", "load", "--people", "20"]).exit_code == 0
    assert _count(database, Person) == 22
    assert _count(database, Profile, Profile.handle == "kisumu-school") == 1


def test_an_institution_that_is_there_already_is_left_as_it_is(runner, database):
    runner.invoke(args=["sample", "load", "--people", "5"])
    with database.reading() as session:
        handle = session.scalar(select(Institution.handle).where(~Institution.claimed).limit(1))
    with database.transaction() as session:
        session.execute(delete(Profile))
        session.execute(delete(Account))
        make_institution(session, handle, name="Taken in before")
    assert runner.invoke(args=["sample", "load", "--people", "5"]).exit_code == 0
    with database.reading() as session:
        kept = session.scalar(select(Institution).where(Institution.handle == handle))
        assert [name.name for name in kept.names] == ["Taken in before"]


def test_a_handle_that_somebody_took_is_named_and_nothing_is_loaded(database, runner):
    with database.transaction() as session:
        make_person(session, "sample-operator")
    result = runner.invoke(args=["sample", "load", "--people", "20"])
    assert result.exit_code == 1
    assert "sample-operator" in result.stderr.splitlines()[-1]
    assert result.stdout == ""
    assert _count(database, Profile) == 1


@pytest.mark.parametrize("arguments", [["--people", "0"], ["--people", "many"], ["--seed", "x"], ["--pepole", "3"]])
def test_a_wrong_call_ends_with_2(runner, database, arguments):
    assert runner.invoke(args=["sample", "load", *arguments]).exit_code == 2
    assert _count(database, Profile) == 0


def test_production_refuses_the_sample_world(settings):
    production = Settings(
        app_env="production",
        database_url=settings.database_url,
        instance_path=settings.instance_path,
        secret_key="x" * 40,
        public_url="https://commonweave.example",
        mail_url="smtp://mail.example",
    )
    app = build_app(production)
    result = FlaskCliRunner(app).invoke(args=["sample", "load", "--people", "5"])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "production" in result.stderr
    assert _count(app.extensions["database"], Profile) == 0
    ensured = FlaskCliRunner(app).invoke(args=["sample", "ensure"])
    assert ensured.exit_code == 0 and "sample" not in ensured.stdout
    assert _count(app.extensions["database"], Profile) == 0
    app.extensions["database"].dispose()


def test_a_start_keeps_what_was_entered(database, runner):
    with database.transaction() as session:
        make_person(session, "amina")
    result = runner.invoke(args=["sample", "ensure"])
    assert result.exit_code == 0
    assert "/sample/sign-in" in result.stdout
    assert _count(database, Profile) == 1


# What is in it


def test_the_people_are_listed_with_their_facets(loaded, runner):
    people = _people(runner)
    assert len(people) == len({person["handle"] for person in people}) == PEOPLE
    for person in people:
        assert is_valid("country", person["country"])
        assert person["languages"] and person["subjects"] and person["levels"]
        for language in person["languages"]:
            assert set(language) == {"tag", "cefr", "teaches", "accepts"}
            assert language["cefr"] in {"A1", "A2", "B1", "B2", "C1", "C2", "native"}
            assert isinstance(language["teaches"], bool)
    assert "sample-operator" not in {person["handle"] for person in people}


def test_every_code_is_one_that_is_known(loaded, database):
    with database.reading() as session:
        assert all(is_valid("subject", code) for code in session.scalars(select(ProfileSubject.code).distinct()))
        assert all(is_valid("level", code) for code in session.scalars(select(ProfileLevel.code).distinct()))
        assert all(is_valid("activity", code) for code in session.scalars(select(ProfileActivity.code).distinct()))
        types = session.scalars(select(Institution.type).distinct())
        assert all(is_valid("institution_type", code) for code in types)
        countries = session.scalars(select(Profile.country).where(Profile.country.is_not(None)).distinct())
        assert all(is_valid("country", code) for code in countries)
        tags = {*session.scalars(select(ProfileLanguage.tag)), *session.scalars(select(ProfileText.lang))}
        assert [tag for tag in tags if normalise_language(tag) != tag] == []


def test_everything_made_up_is_marked_and_only_that(loaded, database):
    assert _count(database, Account, ~Account.sample) == 0
    assert _count(database, Person, ~Person.sample) == 0
    assert _count(database, Institution, Institution.sample, ~Institution.claimed) == 0
    assert _count(database, Institution, ~Institution.sample, Institution.claimed) == 0
    assert _count(database, Institution, ~Institution.sample) >= 140


def test_nothing_invented_hangs_on_a_real_institution(loaded, database):
    real = select(Institution.id).where(~Institution.sample)
    assert _count(database, ProfileActivity, ProfileActivity.profile_id.in_(real)) == 0
    assert _count(database, Delegation, Delegation.institution_id.in_(real)) == 0
    assert _count(database, Institution, ~Institution.sample, Institution.verified_by.is_not(None)) == 0


def test_made_up_institutions_have_an_owner_and_are_verified_in_different_ways(loaded, database):
    made_up = _all(database, select(Institution).where(Institution.sample))
    with database.reading() as session:
        owned = set(session.scalars(select(Delegation.institution_id).where(Delegation.role == "owner")))
        vouches = session.execute(select(Vouch.institution_id, Vouch.by_institution_id)).all()
    assert {institution.id for institution in made_up} == owned
    assert {institution.verified_by for institution in made_up} == {None, "mail", "vouch"}
    by_mail = {institution.id for institution in made_up if institution.verified_by == "mail"}
    for institution in made_up:
        voices = {by for of, by in vouches if of == institution.id}
        assert voices <= by_mail
        assert (len(voices) >= 2) == (institution.verified_by == "vouch")


def test_institutions_have_one_main_name_and_names_in_other_languages(loaded, database):
    institutions = _all(database, select(Institution))
    for institution in institutions:
        assert sum(name.main for name in institution.names) == 1, institution.handle
    assert sum(len(institution.names) > 1 for institution in institutions) > 50


def test_no_password_opens_a_sample_account(loaded, client, database):
    account = _all(database, select(Account).where(Account.sample))[0]
    for password in ("!", "", "password1234", account.password_hash):
        response = client.submit("/sign-in", {"email": account.email, "password": password})
        assert response.status_code == 422


def test_who_keeps_the_name_to_members_keeps_it_out_of_the_handle(loaded, database):
    people = _all(database, select(Person).where(Person.handle != "sample-operator"))
    kept = [person for person in people if person.audiences["name"] != "everyone"]
    assert kept and len(kept) < len(people)
    assert all(person.handle.startswith("sample-person-") for person in kept)
    for person in people:
        assert set(person.audiences) == set(PARTS) and set(person.audiences.values()) <= set(AUDIENCES)


def test_introductions_stand_in_every_state_and_make_sense(loaded, database):
    introductions = _all(database, select(Introduction))
    connected = {(row.low_id, row.high_id) for row in _all(database, select(Connection))}
    states = Counter(introduction.state for introduction in introductions)
    assert set(states) == {PENDING, ACCEPTED, DECLINED, EXPIRED}
    for one in introductions:
        pair = (min(one.from_profile_id, one.to_profile_id), max(one.from_profile_id, one.to_profile_id))
        assert (one.open_key is not None) == (one.state == PENDING)
        assert (one.decline_reason in DECLINE_REASONS) == (one.state == DECLINED)
        assert (one.decided_at is None) == (one.state == PENDING)
        assert one.decided_at is None or one.decided_at >= one.created_at
        if one.state == ACCEPTED:
            assert pair in connected
        if one.state == PENDING:
            assert pair not in connected


def test_each_connection_has_its_thread_and_first_words(loaded, database):
    of_pairs = select(Thread).where(Thread.kind == CONNECTION)
    threads = {row.id: (row.low_id, row.high_id) for row in _all(database, of_pairs)}
    connected = {(row.low_id, row.high_id) for row in _all(database, select(Connection))}
    messages = _all(database, select(Message).order_by(Message.id))
    assert set(threads.values()) == connected
    spoken = {message.thread_id for message in messages}
    assert spoken == set(threads)
    latest = {}
    for message in messages:
        assert message.author_profile_id in threads[message.thread_id]
        assert message.created_at >= latest.get(message.thread_id, message.created_at)
        latest[message.thread_id] = message.created_at


# What can be done with it


def test_a_newcomer_signs_in_as_a_sample_person(loaded, client, runner):
    for person in _people(runner)[:3]:
        response = client.submit("/sample/sign-in", {"handle": person["handle"]})
        assert response.status_code == 303, response.get_data(as_text=True)[:500]
        assert client.get(f"/people/{person['handle']}").status_code == 200


def test_the_operator_is_at_the_head_of_the_list_and_reads_the_reports(loaded, client):
    page = client.get("/sample/sign-in").get_data(as_text=True)
    assert "Sample Operator" in page
    assert client.submit("/sample/sign-in", {"handle": "sample-operator"}).status_code == 303
    assert client.get("/reports").status_code == 200


def test_sample_people_are_found_by_name_and_word(loaded, client, runner, database):
    open_handle = ~Person.handle.startswith("sample-person-") & (Person.handle != "sample-operator")
    person = _all(database, select(Person).where(open_handle))[0]
    page = client.get("/directory", query_string={"q": person.name}).get_data(as_text=True)
    assert f"/people/{person.handle}" in page


def test_a_sample_profile_says_that_it_is_one(loaded, client, runner):
    page = client.get(f"/people/{_people(runner)[0]['handle']}").get_data(as_text=True)
    assert "ample" in page


def test_with_600_people_each_has_enough_to_be_suggested(runner, app, database):
    """Each twentieth of the 600 is asked for here; all of them would take a minute."""
    assert runner.invoke(args=["sample", "load", "--people", "600"]).exit_code == 0
    people = _people(runner)
    assert len(people) == 600
    fewest = {"peers": 15, "collaborators": 5, "institutions": 5}
    with app.app_context(), database.reading() as session:
        for listed in people[::20]:
            person = session.scalar(select(Person).where(Person.handle == listed["handle"]))
            actor = build_actor(session, session.get(Account, person.account_id))
            for kind, least in fewest.items():
                found = suggest(session, actor, person, kind, limit=20)
                assert len(found.items) >= least, (listed["handle"], kind, len(found.items))


def test_the_made_up_institutions_worked_together_and_nobody_else(loaded, database):
    with database.reading() as session:
        rows = session.execute(
            select(PartnershipProject.programmes, Institution.sample, Institution.claimed)
            .join(PartnershipParticipation, PartnershipParticipation.project_id == PartnershipProject.id)
            .join(PartnerOrganisation, PartnerOrganisation.id == PartnershipParticipation.organisation_id)
            .outerjoin(Institution, Institution.id == PartnerOrganisation.institution_id)
        ).all()
        assert rows and all(sample and claimed and "(sample)" in programmes for programmes, sample, claimed in rows)
        assert session.scalar(select(Job.id).where(Job.name == "suggestions.refit_history")) is not None
