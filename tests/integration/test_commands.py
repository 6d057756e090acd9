"""Commands: one clear line when the data or the call is wrong, and the database's own commands."""

from __future__ import annotations

import json
import sqlite3

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from app.core.cli import newest_revision
from app.core.settings import Settings
from app.factory import build_app
from tests.support.commands import run

# Each command that reads or writes the database, as an operator would call it.
NEEDS_THE_DATABASE = [
    ["sample", "load", "--people", "5"],
    ["sample", "people", "--json"],
    ["jobs", "work", "--until-empty"],
    ["suggestions", "for", "amina", "--json"],
    ["suggestions", "rebuild"],
    ["directory", "reindex"],
    ["accounts", "grant", "amina@example.org", "operator"],
    ["accounts", "list-roles"],
]


@pytest.fixture
def bare(tmp_path):
    """The commands of an application whose database has no tables."""
    app = build_app(Settings(instance_path=tmp_path / "bare", testing=True))
    yield FlaskCliRunner(app)
    app.extensions["database"].dispose()


def _all_commands(group, path=()):
    for name, item in sorted(group.commands.items()):
        if hasattr(item, "commands"):
            yield from _all_commands(item, (*path, name))
        else:
            yield (*path, name)


def test_each_command_says_what_it_is_for(app, runner):
    commands = list(_all_commands(app.cli))
    for expected in (("backup",), ("restore",), ("db", "upgrade"), ("jobs", "work"), ("sample", "load"),
                     ("sample", "people"), ("suggestions", "for"), ("institutions", "import-ror"),
                     ("accounts", "grant")):  # fmt: skip
        assert expected in commands
    for command in commands:
        result = runner.invoke(args=[*command, "--help"])
        assert result.exit_code == 0, command
        described = result.output.split("\n\n")[1].strip()
        assert described and not described.startswith("Options:"), f"{command} has no description"


def test_no_command_bears_a_wrong_call(app, runner):
    for command in _all_commands(app.cli):
        result = runner.invoke(args=[*command, "--no-such-option"])
        assert result.exit_code == 2, command
        assert result.stdout == "", command


@pytest.mark.parametrize("arguments", NEEDS_THE_DATABASE, ids=" ".join)
def test_without_tables_a_command_says_how_to_make_them(bare, arguments):
    result = bare.invoke(args=arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.strip() == "the database has no tables yet; run: flask db upgrade"


@pytest.mark.parametrize("arguments", [("backup", "FILE"), ("jobs", "work", "--until-empty")])
def test_a_database_of_an_earlier_version_is_upgraded_first(database, runner, tmp_path, arguments):
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    file = tmp_path / "backup"
    result = runner.invoke(args=[str(file) if one == "FILE" else one for one in arguments])
    assert (result.exit_code, result.stdout, file.exists()) == (1, "", False)
    (line,) = result.stderr.strip().splitlines()
    assert "0001" in line and newest_revision() in line and "flask db upgrade" in line


def test_a_database_that_does_not_answer_is_one_line(tmp_path):
    app = build_app(Settings(instance_path=tmp_path, database_url="postgresql://127.0.0.1:1/none", testing=True))
    for arguments in (["sample", "people"], ["db", "upgrade"], ["backup", str(tmp_path / "b.gz")]):
        result = FlaskCliRunner(app).invoke(args=arguments)
        assert result.exit_code == 1, arguments
        assert result.stderr.startswith("the database cannot be reached: ")
        assert len(result.stderr.strip().splitlines()) == 1


# The database's own


def test_upgrade_makes_the_tables_again_changes_nothing_and_downgrade_takes_them(bare, tmp_path):
    assert bare.invoke(args=["db", "upgrade"]).exit_code == 0
    assert bare.invoke(args=["db", "upgrade"]).exit_code == 0
    assert bare.invoke(args=["db", "check"]).exit_code == 0
    assert bare.invoke(args=["sample", "people", "--json"]).stdout == '{"people":[]}\n'
    assert bare.invoke(args=["db", "downgrade", "base"]).exit_code == 0
    with sqlite3.connect(tmp_path / "bare" / "commonweave.sqlite3") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert tables <= {"alembic_version"}


def test_a_revision_that_is_not_there_is_one_line(bare):
    result = bare.invoke(args=["db", "upgrade", "9999"])
    assert result.exit_code == 1
    assert "9999" in result.stderr.strip().splitlines()[-1]


def test_the_first_start_migrates_loads_and_says_how_to_enter(tmp_path):
    values = {"INSTANCE_PATH": str(tmp_path / "first"), "PORT": "5999"}
    first = run("sample", "ensure", "--migrate", **values)
    assert first.returncode == 0, first.stderr[-2000:]
    assert "http://127.0.0.1:5999" in first.stdout and "/sample/sign-in" in first.stdout
    people = json.loads(run("sample", "people", "--json", **values).stdout)["people"]
    assert len(people) == 2000
    again = run("sample", "ensure", "--migrate", **values)
    assert again.returncode == 0 and again.stdout == first.stdout
    assert "loaded" not in again.stderr
