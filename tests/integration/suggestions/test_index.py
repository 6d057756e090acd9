"""The life of the index: built when needed, never behind the rows, replaced as a whole, stale after a restore."""

from __future__ import annotations

import json
import os
import time

import pytest
from sqlalchemy import delete, select

from app.core import backup, jobs
from app.core.clock import now
from app.factory import build_app
from app.features.accounts.models import Account
from app.features.introductions.models import Introduction
from app.features.profiles.models import Person, Profile, ProfileChange
from app.features.suggestions.models import MatchIdentity, SuggestionShown
from app.features.suggestions.queries.rows import load_asking, load_matchable, stream_matchable
from app.features.suggestions.services import explain_pair, suggest
from app.features.suggestions.services.generations import GRACE, Generations, Snapshot
from app.features.suggestions.wording import COUNTED, CRITERIA, SENTENCES, say
from app.matching.messages import CRITERIA_NAMES, KEYS
from app.matching.query import Message
from tests.integration.suggestions.world import OPEN, make_world, teacher


@pytest.fixture
def world(database):
    with database.transaction() as session:
        return {name: profile.id for name, profile in make_world(session).items()}


@pytest.fixture
def peers(runner, world):
    def ask(handle: str = "amina", run=runner) -> list[str]:
        result = run.invoke(args=["suggestions", "for", handle, "--json"])
        assert result.exit_code == 0, result.stderr
        return [item["id"] for item in json.loads(result.stdout)["suggestions"]]

    return ask


@pytest.fixture
def folder(settings):
    return settings.instance_path / "index"


def generations(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_nothing_is_built_before_the_first_question(app, folder):
    assert not folder.exists()


def test_another_process_uses_what_is_there(peers, folder, settings):
    before = peers()
    built = generations(folder)
    other = build_app(settings)
    assert peers(run=other.test_cli_runner()) == before
    assert generations(folder) == built
    other.extensions["database"].dispose()


def test_a_new_generation_is_taken_up_and_old_ones_go_after_a_grace(peers, folder, runner):
    before = peers()
    first = generations(folder)[0]
    runner.invoke(args=["suggestions", "rebuild"])
    assert len(generations(folder)) == 2
    assert peers() == before
    long_ago = time.time() - GRACE.total_seconds() - 60
    os.utime(folder / first, (long_ago, long_ago))
    runner.invoke(args=["suggestions", "rebuild"])
    assert first not in generations(folder) and len(generations(folder)) == 2
    assert peers() == before


@pytest.mark.parametrize("damage", ["pointer", "file", "cut", "gone"])
def test_a_damaged_index_is_built_anew(peers, folder, settings, damage):
    before = peers()
    file = folder / generations(folder)[0] / "match.index"
    if damage == "pointer":
        (folder / "current").write_bytes(b"\xff\xfe nonsense")
    elif damage == "file":
        file.write_bytes(b"nonsense")
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:2000])
    else:
        file.unlink()
    other = build_app(settings)
    assert peers(run=other.test_cli_runner()) == before
    other.extensions["database"].dispose()


def test_an_index_of_another_database_is_not_used(peers, database, world):
    peers()
    with database.transaction() as session:
        for row in session.scalars(select(ProfileChange)):
            session.delete(row)
        session.execute(delete(MatchIdentity))
        session.get_one(Profile, world["baraka"]).suggestible = False
        session.get_one(Profile, world["chausiku"]).levels = []
    assert "baraka" not in peers()


def test_after_a_restore_the_answers_are_those_of_the_backup(peers, database, world, tmp_path, folder):
    file = tmp_path / "backup.gz"
    before = peers()
    backup.write_backup(database, file)
    with database.transaction() as session:
        teacher(session, "dada")
    assert "dada" in peers()
    built = len(generations(folder))
    backup.restore_backup(database, file)
    assert peers() == before
    assert len(generations(folder)) == built + 1


def test_a_change_committed_late_with_an_early_number_is_not_missed(peers, database, world):
    """Sequences don't commit in order: number 900 may be there before number 800 is."""
    peers()
    with database.transaction() as session:
        teacher(session, "dada")
        session.execute(delete(ProfileChange).where(ProfileChange.profile_id > max(world.values())))
        session.add(ProfileChange(id=900, profile_id=world["lin"]))
    peers()
    with database.transaction() as session:
        dada = session.scalars(select(Profile.id).where(Profile.handle == "dada")).one()
        session.add(ProfileChange(id=800, profile_id=dada))
    assert "dada" in peers()


def test_who_confirms_their_address_or_is_suspended_is_noticed(peers, database, world):
    with database.transaction() as session:
        dada = teacher(session, "dada", account={"verified_at": None})
        account_id = dada.account_id
    assert "dada" not in peers()
    with database.transaction() as session:
        session.get_one(Account, account_id).verified_at = now()
    assert "dada" in peers()
    with database.transaction() as session:
        session.get_one(Account, account_id).suspended_at = now()
    assert "dada" not in peers()


def test_room_for_new_contacts_shrinks_with_each_introduction(database, world):
    def room() -> int | None:
        with database.reading() as session:
            return load_matchable(session, [world["baraka"]])[0].capacity

    assert room() is None
    with database.transaction() as session:
        session.get_one(Person, world["baraka"]).monthly_contacts = 2
    assert room() == 2
    with database.transaction() as session:
        for number, days in enumerate((0, 1, 40)):
            introduction = Introduction(
                from_profile_id=world["chen"],
                to_profile_id=world["baraka"],
                note="Hello",
                state="expired",
                expires_at=now(),
                open_key=None,
            )
            introduction.created_at = now().replace(microsecond=number) - days * (GRACE * 24)
            session.add(introduction)
    assert room() == 0


def test_who_was_asked_has_less_room_in_the_next_list(database, world, runner, sign_in):
    def of_baraka() -> dict[str, object]:
        found = json.loads(runner.invoke(args=["suggestions", "for", "amina", "--json"]).stdout)["suggestions"]
        return next(item for item in found if item["id"] == "baraka")

    with database.transaction() as session:
        session.get_one(Person, world["baraka"]).monthly_contacts = 1
    before = of_baraka()
    note = {"note": "Habari, I teach mathematics too. Shall we compare plans?", "lang": "sw"}
    assert sign_in("dalia").submit("/introductions/ask/baraka", note).status_code == 303
    after = of_baraka()
    assert "no room for new contacts" in json.dumps(after) and "no room for new contacts" not in json.dumps(before)
    assert after["score"] < before["score"]


def test_who_leaves_is_gone(peers, database, world):
    assert "baraka" in peers()
    with database.transaction() as session:
        session.delete(session.get_one(Account, session.get_one(Person, world["baraka"]).account_id))
    assert "baraka" not in peers()


def test_chunks_give_everyone_once(database, world):
    with database.reading() as session:
        whole = list(stream_matchable(session))
        assert list(stream_matchable(session, chunk=2)) == whole
        ids = [profile.key for profile in whole]
        assert ids == sorted(set(ids))
        assert load_matchable(session, ids) == whole
        assert world["empty"] not in ids


def test_only_what_members_may_see_is_matched_but_the_one_who_asks_knows_themselves(database, world):
    with database.transaction() as session:
        amina = session.get_one(Person, world["amina"])
        amina.audiences = {**amina.audiences, "teaching": "me", "exchange": "connections"}
    with database.reading() as session:
        matched, asking = load_matchable(session, [world["amina"]])[0], load_asking(session, world["amina"])
        assert matched.subjects == matched.levels == matched.offers == matched.needs == ()
        assert matched.languages == asking.languages
        assert asking.subjects == ("0541",) and asking.needs


def test_public_are_those_of_whom_a_guest_sees_what_counts(database, world):
    with database.transaction() as session:
        session.get_one(Person, world["dalia"]).audiences = {**OPEN, "languages": "members"}
    with database.reading() as session:
        public = {p.key for p in load_matchable(session, list(world.values())) if p.public}
    assert world["baraka"] in public and world["dalia"] not in public


def test_jobs_keep_the_index_and_forget_what_was_shown(peers, database, world, folder):
    with database.transaction() as session:
        session.add(SuggestionShown(profile_id=world["amina"], kind="peers", shown={}, at=now() - 100 * 24 * GRACE))
    jobs.work(database, until_empty=True)
    assert generations(folder)
    with database.reading() as session:
        assert session.scalar(select(SuggestionShown)) is None
    assert peers()[0] == "baraka"


def test_a_pair_is_explained_as_on_the_list(database, world, app):
    from app.core.actor import Actor

    with database.reading() as session:
        amina = session.get_one(Person, world["amina"])
        actor = Actor(account_id=amina.account_id, person_id=amina.id, verified=True)
        found = suggest(session, actor, amina, "peers")
        for item in found.items:
            other = session.get_one(Profile, item.view.id)
            assert explain_pair(session, actor, amina, other).match == item.match
        pair = explain_pair(session, actor, amina, session.get_one(Profile, world["chen"]))
        assert (pair.match, pair.share_language) == (None, False)


def test_two_share_a_language_that_one_says_twice(database, app):
    from app.core.actor import Actor

    with database.transaction() as session:
        nadia = teacher(session, "nadia", languages=[("pt-BR", 7, True), ("pt-PT", 1, False)])
        omar = teacher(session, "omar", subjects=["0231"], levels=["6"], languages=[("pt-BR", 7, True)])
        actor, both = Actor(account_id=nadia.account_id, person_id=nadia.id, verified=True), (nadia.id, omar.id)
    with database.reading() as session:
        pair = explain_pair(session, actor, *(session.get_one(Person, one) for one in both))
    assert (pair.match, pair.share_language) == (None, True)


def test_the_panel_on_a_profile(sign_in, world):
    browser = sign_in("amina")
    assert "Why you may fit together" in browser.get("/people/baraka").get_data(as_text=True)
    page = browser.get("/people/chen").get_data(as_text=True)
    assert "No language in common" in page and "/suggestions/bridges/chen" in page
    assert "Why you may fit together" in browser.get("/institutions/school").get_data(as_text=True)


def test_every_key_of_the_core_has_its_words(app):
    assert set(SENTENCES) | set(COUNTED) == set(KEYS)
    assert set(CRITERIA) == set(CRITERIA_NAMES)
    codes = {"code": "0541", "codes": ("0541",), "level": "2", "tag": "sw", "mine": "C1", "theirs": "native"}
    more = {"activity": "translate", "subject": "0541", "country": "KE", "region": "014", "words": ("maji",)}
    values = {
        **codes,
        **more,
        "tags": ("maji",),
        "count": 2,
        "among": 50,
        "days": 3,
        "adds": 4,
        "half_hours": 6,
        "spans": (840, 1020),
        "partners": ("One university", "Another"),
        "programme": "SC4",
        "programmes": ("SC4", "SC5"),
        "project": "p1",
        "kind": "HES",
        "year": "2016",
    }
    with app.test_request_context():
        for key, example in KEYS.items():
            needed = {name: values[name] for name in values if f"%({name})s" in example}
            said = say(Message(key, needed))
            assert said and "%(" not in said, key


def test_what_a_snapshot_knows_survives_the_note():
    kept = Snapshot("x", 12, (6, 10, 11), now())
    assert Snapshot.of_note(kept.to_note()) == kept


def test_the_pointer_names_one_generation(tmp_path):
    kept = Generations(tmp_path)
    assert kept.current() is None
    name = kept.new(now())
    kept.use(name)
    assert kept.current() == name
