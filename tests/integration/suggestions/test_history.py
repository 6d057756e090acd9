"""The history of partnerships in what is suggested: its order, its reasons, the same on page, API and command line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text

from app.core import backup, jobs
from app.core.clock import now
from app.core.jobs import Job
from app.features.accounts.queries import find_account
from app.features.accounts.services.renewal import create_api_token
from app.features.profiles.models import Institution
from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject
from app.features.relations.services import block
from app.features.suggestions import tasks
from app.features.suggestions.models import SuggestionShown
from app.features.suggestions.queries.exposure import read_listing
from app.features.suggestions.services.histories import history_of
from app.matching.partnerships.history import Participation, build_history
from app.matching.partnerships.ranker import Ranker
from app.matching.ranking import exposure
from tests.support.commands import ROOT, environment
from tests.support.people import make_institution, make_person

OPEN = {"levels": ["6"], "languages": [("en", 7)]}
PROJECTS = {
    # Nova worked with Alfa and Beta; both worked with Delta, Alfa alone with Gamma.
    "p1": (date(2015, 3, 1), "SC4", ("nova", "alfa")),
    "p2": (date(2015, 9, 1), "SC4", ("nova", "beta")),
    "p3": (date(2016, 1, 1), "MSCA", ("alfa", "delta")),
    "p4": (date(2016, 6, 1), "SC4", ("beta", "delta", "far-away")),
    "p5": (date(2017, 2, 1), "SC4", ("alfa", "gamma")),
    "p6": (date(2017, 2, 1), "SC4", ("alfa", "unclaimed")),
    "p7": (date(2017, 5, 1), "MSCA", ("beta", "mute")),
}
COUNTRIES = {"nova": "KE", "alfa": "UG", "beta": "TZ", "delta": "RW", "gamma": "KE", "mute": "UG", "unclaimed": "TZ"}


def write_history(session, projects=PROJECTS, start=date.min):
    """The projects as rows; organisations are matched to the institutions of the same handle."""
    institutions = {one.handle: one.id for one in session.scalars(select(Institution))}
    known = {one.external_id: one for one in session.scalars(select(PartnerOrganisation))}
    for name, (day, programmes, members) in projects.items():
        project = PartnershipProject(external_id=name, started_on=day, programmes=programmes)
        session.add(project)
        for member in members:
            if member not in known:
                known[member] = PartnerOrganisation(external_id=member, institution_id=institutions.get(member))
                session.add(known[member])
        session.flush()
        session.add_all(
            PartnershipParticipation(
                project_id=project.id,
                organisation_id=known[member].id,
                country=COUNTRIES.get(member, "DE"),
                organisation_type="HES",
            )
            for member in members
        )
    session.flush()


def make_world(session):
    """Institutions that all speak English and have hardly anything else in common, but for Mute and the newcomer."""
    noor = make_person(session, "noor", **OPEN, country="KE", subjects=["0541"])
    like = {"subjects": ["0541"], "levels": ["6"]}
    ids = {"nova": make_institution(session, "nova", owner=noor, country="KE", **{**OPEN, **like}).id}
    for handle in ("alfa", "beta", "delta", "gamma"):
        owner = make_person(session, f"owner-of-{handle}", country=COUNTRIES[handle])
        facets = {"levels": ["0"], "languages": [("en", 6)], "subjects": ["0811"]}
        ids[handle] = make_institution(session, handle, owner=owner, country=COUNTRIES[handle], **facets).id
    ids["mute"] = make_institution(session, "mute", country="UG", languages=[("fr", 7)], **like).id
    ids["unclaimed"] = make_institution(session, "unclaimed", country="TZ", claimed=False, **{**OPEN, **like}).id
    ids["newcomer"] = make_institution(session, "newcomer", country="UG", **{**OPEN, **like}).id
    write_history(session)
    return ids


@pytest.fixture
def world(database):
    with database.transaction() as session:
        ids = make_world(session)
    history_of(database).refit()
    return ids


@pytest.fixture
def ask(runner):
    def asked(*arguments):
        result = runner.invoke(args=["suggestions", "for", *arguments, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["suggestions"]

    return asked


def ids(found):
    return [item["id"] for item in found]


def said(found):
    return {
        item["id"]: next((r["evidence"] for r in item["reasons"] if r["criterion"] == "history"), None)
        for item in found
    }


def test_the_history_decides_and_says_why(world, ask):
    found = ask("nova", "--kind", "institutions")
    evidence = said(found)
    assert "2 of your partners have worked with them: " in evidence["delta"]
    assert "Alfa" in evidence["delta"] and "Beta" in evidence["delta"]
    assert "You are both in the programme \u2068SC4\u2069; they last joined it in 2016" in evidence["delta"]
    assert "1 of your partners has worked with them: \u2068Alfa\u2069" in evidence["gamma"]
    # Gamma's profile is as far from Nova's as Delta's; the newcomer has no history, and is there by the profile alone.
    assert evidence["newcomer"] is None
    for item in found:
        assert sum(reason["contribution"] for reason in item["reasons"]) == item["score"]
    assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)


def columns():
    """The same history as the ranker takes it from a file."""
    return build_history(
        Participation(name, day, one, "HES", COUNTRIES.get(one, "DE"), (programmes,))
        for name, (day, programmes, members) in PROJECTS.items()
        for one in members
    )


@pytest.mark.parametrize(("kind", "cross_border"), [("institutions", False), ("collaborators", True)])
def test_the_order_is_that_of_the_ranker_that_is_measured(world, ask, kind, cross_border):
    history = columns()
    ranked = Ranker.fit(history, date(2017, 5, 1), cross_border).rank([history.place_of("nova")], 100)[0]
    order = [history.organisations[one.organisation] for one in ranked]
    there = [one for one in order if one in ("delta", "gamma")]
    assert there
    assert [one for one in ids(ask("nova", "--kind", kind)) if one in there] == there


@pytest.mark.parametrize(("kind", "border"), [("institutions", []), ("collaborators", ["--cross-border"])])
def test_an_imported_file_gives_the_order_that_ranking_it_gives(database, runner, ask, tmp_path, kind, border):
    with database.transaction() as session:
        make_world(session)
        for table in (PartnershipParticipation, PartnershipProject, PartnerOrganisation):
            session.execute(delete(table))
    header = "project_id,start_date,organisation_id,organisation_type,country,role,programmes"
    lines = [
        f"{name},{day},no-{one},HES,{COUNTRIES.get(one, 'DE')},participant,{programmes}"
        for name, (day, programmes, members) in PROJECTS.items()
        for one in members
    ]
    file, ids_file, asking, out = (tmp_path / name for name in ("history.csv", "ids.csv", "asking.txt", "top.jsonl"))
    file.write_text("\n".join([header, *lines]) + "\n")
    ids_file.write_text("organisation_id,handle\n" + "".join(f"no-{one},{one}\n" for one in COUNTRIES))
    asking.write_text("no-nova\n")
    for arguments in (
        ["institutions", "import-partnerships", file, "--ids", ids_file],
        ["suggestions", "refit-history"],
        [
            "matching",
            "rank",
            "--participations",
            file,
            "--as-of",
            "2017-05-01",
            "--queries",
            asking,
            "--out",
            out,
            *border,
        ],
    ):
        result = runner.invoke(args=[str(one) for one in arguments])
        assert result.exit_code == 0, result.output
    ranked = [one["id"].removeprefix("no-") for one in json.loads(out.read_text())["suggestions"]]
    told = [one for one, evidence in said(ask("nova", "--kind", kind)).items() if evidence]
    assert told and told == [one for one in ranked if one in told]


def test_without_a_history_the_profiles_alone_decide(world, ask, database):
    with database.transaction() as session:
        session.execute(delete(PartnerOrganisation))
    found = ask("nova", "--kind", "institutions")
    assert ids(found) == ["newcomer"] and not any(said(found).values())


def test_collaborators_are_across_a_border(world, ask):
    found = ask("nova", "--kind", "collaborators")
    evidence = said(found)
    assert evidence["delta"] and "gamma" not in evidence


def test_peers_and_bridges_stay_as_they_are(world, ask):
    assert not any(said(ask("nova", "--kind", "peers")).values())
    assert not any(said(ask("nova", "--kind", "bridges")).values())


def test_who_shares_no_language_or_is_acted_for_by_nobody_is_not_suggested(world, ask):
    for kind in ("institutions", "collaborators"):
        assert not {"mute", "unclaimed", "nova"} & set(ids(ask("nova", "--kind", kind)))


def test_partners_nobody_acts_for_count_and_those_who_are_not_here_are_told_as_a_number(database, ask):
    with database.transaction() as session:
        world = make_world(session)
        session.get(Institution, world["alfa"]).claimed = False
        session.execute(delete(PartnerOrganisation).where(PartnerOrganisation.external_id == "beta"))
        write_history(
            session,
            {"q1": (date(2016, 1, 1), "", ("nova", "elsewhere")), "q2": (date(2016, 1, 2), "", ("gamma", "elsewhere"))},
        )
    history_of(database).refit()
    evidence = said(ask("nova", "--kind", "institutions"))
    assert "1 of your partners has worked with them: \u2068Alfa\u2069" in evidence["delta"]
    assert "2 of your partners have worked with them: \u2068Alfa\u2069" in evidence["gamma"]
    with database.transaction() as session:
        session.get(Institution, world["alfa"]).hidden_at = now()
    evidence = said(ask("nova", "--kind", "institutions"))
    assert "Alfa" not in str(evidence) and "2 of your partners have worked with them" in evidence["gamma"]


def test_the_page_the_api_and_the_command_line_say_the_same(world, ask, sign_in, app, database):
    browser = sign_in("noor")
    with database.transaction() as session:
        token = create_api_token(session, find_account(session, "noor@example.org").id, "tests")
    program, header = app.test_client(), {"Authorization": f"Bearer {token}"}
    for kind in ("institutions", "collaborators"):
        command = ask("nova", "--kind", kind)
        api = program.get(f"/api/v1/suggestions?kind={kind}&as=nova", headers=header).get_json()["suggestions"]
        assert api == command
        page = browser.get(f"/suggestions?kind={kind}&as=nova").get_data(as_text=True)
        places = [page.index(f"handle={one}") for one in ids(command)]
        assert places == sorted(places)
        assert "the partnerships you have had so far decide the order" in page
        assert "Partnerships so far" in page and "2 of your partners have worked with them" in page


def test_a_list_of_any_length_gives_a_pair_one_score(world, ask):
    scores = {item["id"]: item["score"] for item in ask("nova", "--kind", "institutions")}
    for limit in ("1", "2", "3"):
        for item in ask("nova", "--kind", "institutions", "--limit", limit):
            assert item["score"] == scores[item["id"]]


def test_who_is_blocked_or_put_aside_is_not_suggested(world, ask, sign_in, database):
    with database.transaction() as session:
        block(session, world["delta"], world["nova"])
    assert "delta" not in ids(ask("nova", "--kind", "institutions"))
    aside = {"handle": "gamma", "as": "nova", "reason": "other"}
    page = "/suggestions/dismiss?handle=gamma&as=nova&kind=institutions"
    assert sign_in("noor").submit("/suggestions/dismiss", aside, page=page).status_code == 303
    assert "gamma" not in ids(ask("nova", "--kind", "institutions"))


def test_projects_of_more_than_fifty_give_no_pairs(database, ask):
    with database.transaction() as session:
        make_world(session)
        crowd = tuple(f"one-{n}" for n in range(48))
        write_history(session, {"big": (date(2016, 1, 1), "", ("nova", "newcomer", "hub", *crowd))})
        write_history(session, {"hub": (date(2016, 1, 1), "", ("hub", "newcomer"))})
    history_of(database).refit()
    assert "of your partners" not in str(said(ask("nova", "--kind", "institutions"))["newcomer"])


def test_what_starts_later_is_not_looked_at(database, ask):
    with database.transaction() as session:
        make_world(session)
        later = now().date() + timedelta(days=40)
        write_history(session, {"l1": (later, "", ("nova", "hub")), "l2": (later, "", ("hub", "newcomer"))})
    fitted = history_of(database).refit()
    assert fitted.until == date(2017, 5, 1)
    assert not said(ask("nova", "--kind", "institutions"))["newcomer"]


def _work(database):
    jobs.work(database, until_empty=True)


def test_the_job_learns_when_something_changed_and_only_then(world, database, ask):
    keeper = history_of(database)
    assert not keeper.is_outdated()
    with database.transaction() as session:
        write_history(session, {"n": (date(2017, 1, 1), "SC4", ("alfa", "newcomer"))})
    assert keeper.is_outdated()
    with database.transaction() as session:
        jobs.enqueue(session, "suggestions.tend")
    _work(database)
    assert not keeper.is_outdated()
    assert "1 of your partners has worked with them" in said(ask("nova", "--kind", "institutions"))["newcomer"]
    with database.reading() as session:
        assert not session.scalars(
            select(Job).where(Job.name == "suggestions.refit_history", Job.state == "failed")
        ).all()


def test_a_fit_of_another_content_is_not_used(world, database, tmp_path, ask, app):
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    file = tmp_path / "backup.gz"
    backup.write_backup(database, file)
    backup.restore_backup(database, file)
    assert not any(said(ask("nova", "--kind", "institutions")).values())
    assert history_of(database).is_outdated()
    history_of(database).refit()
    assert said(ask("nova", "--kind", "institutions"))["delta"]


def test_the_command_says_what_it_learnt_from(runner, world, database):
    result = runner.invoke(args=["suggestions", "refit-history"])
    assert result.exit_code == 0
    assert "15 participations of 8 organisations up to 2017-05-01" in result.stderr


def test_without_any_partnerships_the_command_says_how_to_bring_some(runner, database):
    result = runner.invoke(args=["suggestions", "refit-history"])
    assert result.exit_code == 0 and "import-partnerships" in result.stderr
    assert not history_of(database).is_outdated()


def test_a_page_loads_nothing_heavy(world, ask, settings):
    program = (
        "import sys; from app.factory import build_app; app = build_app();"
        "client = app.test_client(); client.get('/');"
        "from app.features.suggestions.services.histories import history_of;"
        "from app.features.profiles.models import Institution;"
        "database = app.extensions['database'];"
        "session = database.sessions();"
        f"assert history_of(database).known(session, {world['nova']}, 'institutions');"
        "print([name for name in ('scipy', 'sklearn', 'numpy') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment(DATABASE_URL=settings.database_url, INSTANCE_PATH=str(settings.instance_path)),
        timeout=120,
        check=False,
    )
    assert result.stdout.strip() == "[]", result.stderr


def test_what_the_list_gives_of_the_attention_is_measured_as_it_is_shown(world, sign_in, database):
    sign_in("noor").get("/suggestions?kind=institutions&as=nova")
    with database.reading() as session:
        shown = session.scalars(select(SuggestionShown)).one().shown
    assert len(shown["ids"]) == len(shown["for"]) >= 3
    attention = [exposure(place) for place in range(len(shown["ids"]))]
    gave = read_listing(shown["gave"])
    assert gave.attention == sum(attention) == gave.regions["002"].given == gave.languages["en"].given
    assert gave.given_up == 0


def test_the_job_holds_its_lease_while_it_learns(world, database, monkeypatch):
    """Learning takes minutes without a step: no other worker takes the job over meanwhile."""
    monkeypatch.setattr(tasks, "BEAT", timedelta(milliseconds=5))
    keeper, leases = history_of(database), []

    def slow(step):
        with database.transaction() as session:
            session.scalars(select(Job).where(Job.name == "suggestions.refit_history")).one().leased_until = now()
        for _ in range(400):
            with database.reading() as session:
                until = session.scalar(select(Job.leased_until).where(Job.name == "suggestions.refit_history"))
            if until > now() + timedelta(minutes=1):
                leases.append(until)
                break
            time.sleep(0.01)

    monkeypatch.setattr(keeper, "refit", slow)
    with database.transaction() as session:
        session.execute(delete(Job))
        jobs.enqueue(session, "suggestions.refit_history")
    assert jobs.run_one(database, "tests")
    assert leases
