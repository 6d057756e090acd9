"""Settings: what is refused, what the embedded mode needs nothing for, and what production keeps shut."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from sqlalchemy import update

from app.core.settings import EMBEDDED_SECRET, Settings
from app.factory import build_app
from app.features.accounts.models import Account
from tests.support.commands import ROOT, environment, of_settings, run
from tests.support.people import PASSWORD, make_person

SAFE = {
    "app_env": "production",
    "database_url": "postgresql://db.example/commonweave",
    "secret_key": "0123456789abcdef0123456789abcdef",
    "public_url": "https://commonweave.example",
    "mail_url": "smtp://user:pass@mail.example:587?tls=starttls",
}


@pytest.fixture
def production(settings):
    """The application with the settings of production."""
    safe = {**SAFE, "database_url": settings.database_url, "instance_path": settings.instance_path}
    app = build_app(Settings(**safe, argon2_time_cost=1, argon2_memory_kib=8))
    yield app
    app.extensions["database"].dispose()


# What is refused


@pytest.mark.parametrize(
    "name, value",
    [
        ("secret_key", EMBEDDED_SECRET),
        ("secret_key", "short"),
        ("secret_key", ""),
        ("public_url", ""),
        ("public_url", "http://commonweave.example"),
        ("database_url", ""),
        ("mail_url", ""),
    ],
)
def test_production_does_not_start_with_an_unsafe_setting(name, value, capsys):
    with pytest.raises(SystemExit) as end:
        build_app(Settings(**{**SAFE, name: value}))
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.strip().splitlines()
    assert len(lines) == 1 and name.upper() in lines[0]
    assert value == "" or value not in lines[0] or name == "public_url"


@pytest.mark.parametrize(
    "name, value",
    [
        ("database_url", "mysql://db.example/commonweave"),
        ("database_url", "commonweave"),
        ("database_url", "postgresql://db.example:many/commonweave"),
        ("instance_path", "/proc/not-there"),
        ("mail_url", "mail.example"),
        ("mail_url", "smtp://mail.example:many"),
        ("mail_url", "smtp://user:pass@mail.example?tls=startls"),
    ],
)
def test_what_makes_no_sense_is_named_in_one_line(name, value, capsys):
    with pytest.raises(SystemExit) as end:
        build_app(Settings(**{name: value}))
    assert end.value.code == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert name.upper() in line and "pass@mail" not in line


@pytest.mark.parametrize(
    "values, named",
    [
        ({"APP_ENV": "production"}, ["SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "MAIL_URL"]),
        ({"APP_ENV": "prodution"}, ["APP_ENV"]),
        ({"PORT": "many", "TRUSTED_PROXIES": "-1"}, ["PORT", "TRUSTED_PROXIES"]),
    ],
)
def test_the_command_ends_with_2_and_one_line(values, named):
    result = run("jobs", "work", "--until-empty", **values)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert all(name in result.stderr for name in named)


def test_a_server_does_not_start_either():
    code = "import wsgi"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(APP_ENV="production"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "SECRET_KEY" in result.stderr


# The embedded mode


def test_flask_works_from_the_root_with_nothing_set_but_a_folder(tmp_path):
    folder = str(tmp_path / "not" / "there" / "yet")
    assert run("db", "upgrade", INSTANCE_PATH=folder).returncode == 0
    listed = run("sample", "people", "--json", INSTANCE_PATH=folder)
    assert (listed.returncode, json.loads(listed.stdout)) == (0, {"people": []})


def test_plain_postgresql_addresses_get_the_driver_we_have():
    for address in ("postgres://u@h/d", "postgresql://u@h/d"):
        assert Settings(database_url=address).sqlalchemy_url == "postgresql+psycopg://u@h/d"


def test_the_first_page_is_there_at_once_and_in_english(client):
    response = client.get("/")
    assert response.status_code == 200
    assert '<html lang="en"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "wanted, lang",
    [("fr", "fr"), ("fr-CA, en;q=0.5", "fr"), ("ar", "ar"), ("xx, ar;q=0.9", "ar"), ("xx", "en"), ("en-GB, fr", "en")],
)
def test_the_first_page_is_in_the_language_the_browser_asks_for(client, wanted, lang):
    response = client.get("/", headers={"Accept-Language": wanted})
    assert response.status_code == 200
    assert re.search(r'<html lang="(\w+)"', response.get_data(as_text=True)).group(1) == lang


# What a worker loads

PAGES = """
import json, sys
from app import create_app
client = create_app().test_client()
for path in sys.argv[1:]:
    assert client.get(path).status_code == 200, path
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def _loaded_after(settings, *paths: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", PAGES, *paths],
        cwd=ROOT,
        env=of_settings(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_a_plain_page_loads_no_heavy_library(settings, database):
    with database.transaction() as session:
        make_person(session, "amina", subjects=["0541"], languages=[("sw", 7)])
    loaded = _loaded_after(settings, "/healthz", "/", "/directory", "/sign-in", "/people/amina")
    assert not loaded & {"scipy", "sklearn", "networkx", "numpy", "alembic"}


# Production


def test_sample_pages_are_not_there_in_production(production):
    production.config["WTF_CSRF_ENABLED"] = False
    with production.extensions["database"].transaction() as session:
        make_person(session, "amina", sample=True, account={"sample": True})
    client = production.test_client()
    for path in ("/sample/sign-in", "/sample/outbox", "/sample/outbox/1"):
        assert client.get(path, base_url="https://commonweave.example").status_code == 404
    response = client.post("/sample/sign-in", data={"handle": "amina"}, base_url="https://commonweave.example")
    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers or "session" not in response.headers["Set-Cookie"]


def test_a_sample_account_cannot_enter_production_by_its_password(production):
    production.config["WTF_CSRF_ENABLED"] = False
    database = production.extensions["database"]
    with database.transaction() as session:
        make_person(session, "amina")

    def enter() -> int:
        entered = {"email": "amina@example.org", "password": PASSWORD}
        return production.test_client().post("/sign-in", data=entered, base_url=SAFE["public_url"]).status_code

    assert enter() == 303
    with database.transaction() as session:
        session.execute(update(Account).values(sample=True))
    assert enter() == 422


def test_cookies_in_production_are_for_https_alone(production):
    production.config["WTF_CSRF_ENABLED"] = False
    with production.extensions["database"].transaction() as session:
        make_person(session, "amina")
    entered = {"email": "amina@example.org", "password": PASSWORD}
    response = production.test_client().post("/sign-in", data=entered, base_url=SAFE["public_url"])
    cookies = response.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
    assert "Strict-Transport-Security" in response.headers
