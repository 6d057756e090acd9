"""What would bring more: how many and whom, the same on the page, over the API and on the command line."""

from __future__ import annotations

import json

import pytest

from app.core.clock import now
from app.features.accounts.models import Account
from app.features.profiles.models import Person
from app.features.relations.models import Block
from tests.integration.suggestions.world import teacher


@pytest.fixture
def world(database):
    """Amina asks; those at the level next but one would come if she named level 3."""
    with database.transaction() as session:
        people = [
            teacher(session, "amina", needs=[("translate", "0541", None)]),
            teacher(session, "baraka"),
            *(teacher(session, f"next{n}", levels=["4"], subjects=["0222"]) for n in range(5)),
            teacher(session, "unnamed", levels=["4"], subjects=["0222"], audiences={"name": "connections"}),
            teacher(session, "hidden", levels=["4"], subjects=["0222"], hidden_at=now()),
            teacher(session, "unasked", levels=["4"], subjects=["0222"], suggestible=False),
            teacher(session, "gone", levels=["4"], subjects=["0222"]),
            teacher(session, "blocked", levels=["4"], subjects=["0222"]),
            teacher(session, "blocking", levels=["4"], subjects=["0222"]),
        ]
        known = {one.handle: one.id for one in people}
        session.add(Block(blocker_id=known["amina"], blocked_id=known["blocked"]))
        session.add(Block(blocker_id=known["blocking"], blocked_id=known["amina"]))
        gone = session.get_one(Person, known["gone"])
        session.get_one(Account, gone.account_id).suspended_at = now()
        return known


@pytest.fixture
def told(runner, world):
    def ask(*more: str) -> list[dict[str, object]]:
        result = runner.invoke(args=["suggestions", "for", "amina", "--json", *more])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)["gaps"]

    return ask


def of_level(gaps):
    [found] = [gap for gap in gaps if gap["gap"] == "add.level"]
    return found


def test_a_change_says_how_many_and_whom_it_would_add(told):
    gap = of_level(told())
    assert gap["change"] == {"facet": "level", "code": "3"}
    assert gap["adds"] == 6
    assert len(gap["who"]) == 3
    assert {one["id"] for one in gap["who"]} <= {f"next{n}" for n in range(5)}


def test_nobody_is_named_whom_the_reader_may_not_see(told, sign_in):
    said = json.dumps(told()) + sign_in("amina").get("/suggestions").get_data(as_text=True)
    for handle in ("unnamed", "hidden", "unasked", "gone", "blocked", "blocking"):
        assert f"people/{handle}" not in said and f'"id": "{handle}"' not in said, handle
        assert f">{handle.title()}<" not in said, handle


def test_page_and_command_name_the_same(told, sign_in):
    gaps = told()
    page = sign_in("amina").get("/suggestions").get_data(as_text=True)
    for one in of_level(gaps)["who"]:
        assert f'href="/people/{one["id"]}"' in page and one["name"] in page


def test_doing_it_brings_them(told, sign_in):
    before = of_level(told())
    browser = sign_in("amina")
    data = {"facet": "level", "code": "3", "back": "/suggestions"}
    assert browser.submit("/suggestions/widen", data, page="/suggestions").status_code == 303
    page = browser.get("/suggestions").get_data(as_text=True)
    for one in before["who"]:
        assert f'<h3><a href="/people/{one["id"]}"' in page


def test_what_isnt_counted_names_nobody(told, database, world):
    with database.transaction() as session:
        teacher(session, "new", levels=[])
    assert all("who" in gap if gap.get("change") else "who" not in gap for gap in told("--kind", "collaborators"))


def test_the_list_says_on_the_command_line_what_would_bring_more(runner, world):
    out = runner.invoke(args=["suggestions", "for", "amina"]).stdout
    assert "  + Add the level" in out and "Next" in out


def test_three_counted_changes_at_most(told, database, world):
    with database.transaction() as session:
        teacher(session, "near", levels=["4"], subjects=["0222"], country="TZ")
        for n, code in enumerate(("train", "host", "fund", "review", "adapt")):
            teacher(session, f"more{n}", levels=[], subjects=[], country="TZ", offers=[(code, None, None)])
    gaps = told("--kind", "collaborators")
    assert sum("change" in gap for gap in gaps) == 3
    assert [gap["adds"] for gap in gaps if "change" in gap] == sorted(
        (gap["adds"] for gap in gaps if "change" in gap), reverse=True
    )
