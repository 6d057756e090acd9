"""A served application with a small sample world, and a real Chromium to look at it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from app.core.settings import Settings
from app.factory import build_app
from app.features.profiles.models import Delegation, Institution, Person
from app.features.relations.queries import list_connected_ids
from app.features.threads.models import Thread
from tests.browser.house import furnish
from tests.support.chromium import FLAGS, chromium_path
from tests.support.databases import Sqlite

PEOPLE = 120


@dataclass(frozen=True)
class Site:
    """The served application and its address."""

    app: Flask
    url: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application with `PEOPLE` sample people, served on loopback for the whole run."""
    folder = tmp_path_factory.mktemp("browser")
    settings = Settings(
        app_env="embedded",
        database_url=Sqlite(folder).fresh(),
        instance_path=folder / "instance",
        argon2_time_cost=1,
        argon2_memory_kib=8,
    )
    app = build_app(settings)
    # What jobs find out from time to time stands on some of the pages.
    load = ["sample", "load", "--people", str(PEOPLE), "--seed", "1"]
    for command in (load, ["suggestions", "find-groups"], ["suggestions", "refit-history"]):
        done = app.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, done.output
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(10)
    app.extensions["database"].dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """``open_context(locale="ar", javascript=False, width=360)``: a fresh browser profile."""
    opened: list[BrowserContext] = []

    def make(locale: str = "en", javascript: bool = True, width: int = 1280, dark: bool = False) -> BrowserContext:
        context = browser.new_context(
            base_url=site.url,
            locale=locale,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            bypass_csp=False,
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def handles(site: Site) -> dict[str, str]:
    """Two people of the sample world and an institution, with what their addresses need."""
    with site.app.extensions["database"].reading() as session:
        thread = session.scalars(select(Thread).order_by(Thread.id)).first()
        assert thread is not None
        person = session.get(Person, thread.low_id) or session.get_one(Person, thread.high_id)
        known = list_connected_ids(session, person.id) | {person.id}
        stranger = select(Person).where(Person.id.not_in(known), Person.monthly_contacts > 2).order_by(Person.id)
        other = session.scalars(stranger).first()
        owner = select(Delegation).where(Delegation.role == "owner", Delegation.accepted_at.is_not(None))
        delegation = session.scalars(owner.order_by(Delegation.id)).first()
        assert other is not None
        assert delegation is not None
        return {
            "person": person.handle,
            "other": other.handle,
            "other_id": str(other.id),
            "thread": str(thread.id),
            "owner": session.get_one(Person, delegation.person_id).handle,
            "institution": session.get_one(Institution, delegation.institution_id).handle,
            "operator": "sample-operator",
        }


@pytest.fixture(scope="session")
def house(site: Site, handles: dict[str, str]) -> dict[str, str]:
    """A community with something on each of its pages, beside those of the sample world."""
    with site.app.extensions["database"].transaction() as session:
        return {**handles, **furnish(session, handles)}


def enter(page: Page, handle: str, locale: str = "en") -> None:
    """Sign in as a sample person, by the page that only the embedded mode has, and read in ``locale``."""
    page.goto("/sample/sign-in")
    page.locator("#handle").fill(handle)
    page.locator("#handle").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"/?lang={locale}")


def snapshot(page: Page, name: str) -> None:
    """Keep a picture when a folder for pictures is named; for looking at, not for comparing."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
