"""Fixtures: an application on a fresh database (SQLite and PostgreSQL), clients, command runner."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select

from app.core.database import Database
from app.core.settings import Settings
from app.factory import build_app
from app.features.accounts.models import Account
from app.features.accounts.services.entering import admit
from app.features.accounts.views import begin_session
from tests.support.databases import Postgres, Sqlite
from tests.support.engines import keep_engines, leave
from tests.support.pages import Checked, CheckingClient
from tests.support.routes import keep_compiled_routes

# Machines differ in speed: how long an example takes says nothing here. The same examples each run.
hypothesis_settings.register_profile(
    "commonweave", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
hypothesis_settings.load_profile("commonweave")

keep_compiled_routes()
keep_engines()
# What was imported stays; what a test leaves behind is looked for less often. A fifth of the time goes into it else.
gc.freeze()
gc.set_threshold(50_000, 20, 50)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgres", help="which databases the integration tests run on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize(
            "backend", metafunc.config.getoption("--databases").split(","), indirect=True, scope="session"
        )


_backends: dict[str, Sqlite | Postgres] = {}


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sqlite | Postgres:
    """The kind of database."""
    if request.param not in _backends:
        folder = tmp_path_factory.mktemp("sqlite")
        _backends[request.param] = Sqlite(folder) if request.param == "sqlite" else Postgres()
    return _backends[request.param]


@pytest.fixture
def settings(backend: Sqlite | Postgres, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of the embedded mode on a fresh database, with a cheap password check."""
    url = backend.fresh(new="many_rows" in request.keywords)
    yield Settings(
        app_env="embedded",
        database_url=url,
        instance_path=tmp_path / "instance",
        public_url="http://localhost",
        argon2_time_cost=1,
        argon2_memory_kib=8,
        testing=True,
    )
    backend.drop(url)


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder


@pytest.fixture(scope="session")
def compiled_templates(of_the_run: Path) -> FileSystemBytecodeCache:
    """Templates are compiled once a run, not once a test."""
    folder = of_the_run / "compiled-templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture(scope="session", autouse=True)
def checked_pages(of_the_run: Path) -> None:
    """A page that was checked once is not checked again."""
    Checked.folder = of_the_run / "checked-pages"
    Checked.folder.mkdir(exist_ok=True)


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application."""
    application = build_app(settings)
    application.jinja_env.bytecode_cache = compiled_templates
    application.test_client_class = CheckingClient
    yield application
    leave(application.extensions["database"])


@pytest.fixture
def database(app: Flask) -> Database:
    """Its database."""
    return app.extensions["database"]


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A browser of a guest; each HTML page it gets is checked."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask):
    """``sign_in(handle)``: a browser signed in as the person of `make_person`.

    Signing in by the page has tests of its own; for all others a session is begun without its two requests.
    """
    store: Database = app.extensions["database"]

    def enter(handle: str) -> CheckingClient:
        browser = app.test_client()
        with store.transaction() as session:
            account = session.scalars(select(Account).where(Account.email_key == f"{handle}@example.org")).one()
            admit(session, account)
        with browser.session_transaction() as kept, app.test_request_context(environ_base=browser.environ_base):
            begin_session(account)
            kept.update(flask.session)
        return browser

    return enter


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The ``flask`` command."""
    return app.test_cli_runner()
