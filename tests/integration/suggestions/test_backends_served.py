"""The backend over several databases as people meet it: chosen by a setting, whole or partial, never an error page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from app.core.settings import Settings, SettingsError, load_settings
from app.factory import build_app
from app.features.profiles.models import Person, Profile
from app.features.profiles.services.changes import note_change
from app.features.suggestions.services import keeper_of
from app.features.suggestions.services.sharded import building, shards, tables
from tests.integration.suggestions.shards import databases, servers
from tests.integration.suggestions.world import OPEN, make_world, teacher
from tests.support.pages import CheckingClient
from tests.support.people import PASSWORD


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a slow database is no lost one; those that are lost here refuse at once."""
    monkeypatch.setattr(shards, "CONNECT_SECONDS", 30)
    monkeypatch.setattr(shards, "ANSWER_MS", 30_000)


@pytest.fixture
def addresses() -> Iterator[list[str]]:
    with databases(2) as found:
        yield found


def served(settings: Settings, match_shards: str) -> Flask:
    app = build_app(settings.model_copy(update={"match_backend": "postgres", "match_shards": match_shards}))
    app.test_client_class = CheckingClient
    return app


@pytest.fixture
def world(database):
    with database.transaction() as session:
        made = {name: profile.id for name, profile in make_world(session).items()}
        session.get_one(Profile, made["lin"]).audiences = OPEN
        return made


def listed(app: Flask, handle: str = "amina", kind: str = "peers") -> dict[str, object]:
    result = app.test_cli_runner().invoke(args=["suggestions", "for", handle, "--kind", kind, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def page(app: Flask, address: str = "/suggestions", handle: str = "amina") -> str:
    browser = app.test_client()
    assert browser.submit("/sign-in", {"email": f"{handle}@example.org", "password": PASSWORD}).status_code == 303
    response = browser.get(address)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.fixture
def sharded(settings, world, addresses) -> Iterator[Flask]:
    app = served(settings, ",".join(addresses))
    yield app
    app.extensions["match_index"].close()
    app.extensions["database"].dispose()


@pytest.mark.parametrize("kind", ["peers", "collaborators", "institutions", "bridges"])
def test_the_same_lists_whichever_backend_serves_them(app, sharded, kind):
    for handle in ("amina", "chen", "dalia"):
        assert listed(sharded, handle, kind) == listed(app, handle, kind)
    assert listed(sharded)["partial"] is False
    assert "could not be looked at" not in page(sharded)


def test_a_change_is_seen_at_once_and_stays_through_a_rebuild(sharded, database, world):
    def ids() -> list[str]:
        return [item["id"] for item in listed(sharded)["suggestions"]]

    assert "baraka" in ids() and "dada" not in ids()
    with database.transaction() as session:
        teacher(session, "dada")
        baraka = session.get_one(Person, world["baraka"])
        baraka.suggestible = False
        note_change(session, baraka)
    assert "dada" in ids() and "baraka" not in ids()
    assert sharded.test_cli_runner().invoke(args=["suggestions", "rebuild"]).exit_code == 0
    assert "dada" in ids() and "baraka" not in ids()


def test_the_setting_names_the_databases(monkeypatch, app):
    assert "sharded" not in type(app.extensions["match_index"]).__module__
    monkeypatch.setenv("MATCH_BACKEND", "postgres")
    with pytest.raises(SettingsError, match="MATCH_SHARDS"):
        load_settings()
    monkeypatch.setenv("MATCH_SHARDS", "postgresql://localhost/one")
    assert load_settings().match_backend == "postgres"
    many = ",".join(f"postgresql://localhost/shard{number}" for number in range(64))
    with pytest.raises(SettingsError, match="names 64 databases; there may be 63"):
        served(app.extensions["settings"], many)


# The sentence beside a list for which a part of the network could not be asked.
PARTIAL = {
    "fr": ("ltr", "Une partie des profils n’a pas pu être consultée pour le moment."),
    "ar": ("rtl", "تعذّر الآن النظر في بعض من هم هنا."),
}


def says_so_in_every_language(app: Flask) -> None:
    """Each page with a list says that a part is missing, in the language and direction of the page, once."""
    for lang, (direction, words) in PARTIAL.items():
        for address in ("/suggestions", "/suggestions?kind=bridges", "/suggestions/bridges/chen", "/"):
            shown = page(app, f"{address}{'&' if '?' in address else '?'}lang={lang}")
            assert f'<html lang="{lang}" dir="{direction}">' in shown and shown.count(words) == 1, (lang, address)
            assert "could not be looked at" not in shown


def test_losing_a_shard_makes_the_answer_partial_and_its_return_whole(settings, world):
    """Each shard is a server of its own; one is stopped while the application runs."""
    with servers(2) as (one, other):
        app = served(settings, f"{one.url},{other.url}")
        whole = listed(app)
        assert whole["partial"] is False
        placed = places_of([one.url, other.url], world)
        for stopped, kept in ((one, 1), (other, 0)):
            stopped.stop_now()
            partial = listed(app)
            there = [item["id"] for item in partial["suggestions"]]
            everybody = [item["id"] for item in whole["suggestions"]]
            assert partial["partial"] is True
            assert there == [name for name in everybody if world[name] in placed[kept]]
            assert "could not be looked at" in page(app)
            assert page(app, "/") and page(app, "/people/baraka") and page(app, "/suggestions/bridges/chen")
            says_so_in_every_language(app)
            stopped.start_again()
            rested(app)
            assert listed(app) == whole
        app.extensions["match_index"].close()


def test_without_any_shard_there_is_still_a_page(settings, world):
    with servers(1) as (only,):
        app = served(settings, only.url)
        assert listed(app)["partial"] is False
        only.stop_now()
        assert listed(app) == {"suggestions": [], "gaps": [], "partial": True}
        assert "could not be looked at" in page(app)
        failed = app.test_cli_runner().invoke(args=["suggestions", "rebuild"])
        assert failed.exit_code == 1 and "does not answer" in failed.stderr
        app.extensions["match_index"].close()


def places_of(urls: list[str], world: dict[str, int]) -> list[set[int]]:
    """The keys in each shard."""
    found = []
    for url in urls:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            schema = tables.schema_of(tables.list_generations(connection)[0])
            found.append({key for (key,) in connection.execute(f"SELECT key FROM {schema}.rows")})
    assert set(world.values()) >= found[0] | found[1]
    return found


def rested(app: Flask) -> None:
    """As after the time in which a failed database is left alone."""
    for shard in app.extensions["match_index"]._shards.all:
        for node in (shard.primary, *shard.replicas):
            node.wake()


def test_a_replica_is_asked_unless_it_lags_or_is_gone(settings, world):
    """Followers of the same shard: one that has the generation, one that hasn't got it yet, one that is gone."""
    with servers(1) as (primary,), databases(1) as (empty,):
        app = served(settings, f"{primary.url}|{empty}")
        whole = listed(app)  # the follower has nothing of it, so the primary is asked
        assert whole["partial"] is False and whole["suggestions"]
        follower = primary.follower()
        app.extensions["match_index"].close()
        app = served(settings, f"{primary.url}|{empty}|{follower.url}")
        assert listed(app) == whole
        primary.stop_now()  # what was built can be read from the one that follows
        assert listed(app) == whole
        follower.stop_now()
        assert listed(app)["partial"] is True
        app.extensions["match_index"].close()


def test_a_killed_build_goes_on_where_it_was(settings, sharded, database, world, monkeypatch):
    monkeypatch.setattr(building, "CHUNK", 2)
    expected = listed(sharded)
    copied = building._copy
    left = iter(range(4))

    def killed(*given):
        if next(left, None) is None:
            raise KeyboardInterrupt
        copied(*given)

    keeper = keeper_of(sharded.extensions["database"])
    with monkeypatch.context() as patch:
        patch.setattr(building, "_copy", killed)
        with pytest.raises(KeyboardInterrupt):
            keeper.rebuild()
    addresses = sharded.extensions["match_index"]._shards.all
    with addresses[0].primary.building() as connection:
        begun = tables.find_begun(connection)
        finished = tables.list_generations(connection)
    assert begun is not None and begun.filled_to > 0 and not begun.filled and begun.generation not in finished
    assert listed(sharded) == expected  # what is in use stays in use
    assert keeper.rebuild() > 0
    with addresses[0].primary.building() as connection:
        assert tables.list_generations(connection)[0] == begun.generation
        assert tables.find_begun(connection) is None
    assert listed(sharded) == expected


def test_a_database_that_failed_is_left_alone_for_a_while(monkeypatch):
    node = shards.Node("postgresql://nobody@127.0.0.1:9/none")
    assert not node.resting
    node.rest()
    assert node.resting
    node.wake()
    assert not node.resting
