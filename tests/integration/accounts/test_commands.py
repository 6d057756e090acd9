"""``flask accounts``."""

from __future__ import annotations

import json

import pytest

from app.features.accounts.services.entering import authenticate_token
from tests.integration.accounts.steps import account_of
from tests.support.people import make_account


@pytest.fixture
def amina(database):
    with database.transaction() as session:
        make_account(session, "amina")
    return "amina@example.org"


def test_the_first_operator_is_made_and_unmade(runner, database, amina):
    assert runner.invoke(args=["accounts", "grant", "Amina@Example.org", "operator"]).exit_code == 0
    assert [r.role for r in account_of(database, amina).roles] == ["operator"]
    again = runner.invoke(args=["accounts", "grant", amina, "operator"])
    assert again.exit_code == 0
    assert "already" in again.stderr
    listed = runner.invoke(args=["accounts", "list-roles", "--json"])
    assert json.loads(listed.stdout) == {"roles": [{"role": "operator", "email": amina}]}
    assert runner.invoke(args=["accounts", "list-roles"]).stdout == f"operator\t{amina}\n"
    assert runner.invoke(args=["accounts", "revoke", amina, "operator"]).exit_code == 0
    assert account_of(database, amina).roles == []
    assert "was not" in runner.invoke(args=["accounts", "revoke", amina, "operator"]).stderr


@pytest.mark.parametrize("verb", ["grant", "revoke"])
def test_what_is_refused(runner, amina, verb):
    unknown = runner.invoke(args=["accounts", verb, "nobody@example.org", "operator"])
    assert unknown.exit_code == 1
    assert unknown.stderr == "there is no account with the address nobody@example.org\n"
    assert runner.invoke(args=["accounts", verb, amina, "emperor"]).exit_code == 2
    assert runner.invoke(args=["accounts", verb, amina]).exit_code == 2


def test_a_token_is_printed_alone(runner, database, amina):
    made = runner.invoke(args=["accounts", "token", amina, "--name", "tests"])
    assert made.exit_code == 0
    with database.reading() as session:
        assert authenticate_token(session, made.stdout.strip()).account_id == account_of(database, amina).id
    again = runner.invoke(args=["accounts", "token", amina, "--name", "tests"])
    assert again.exit_code == 1
    assert again.stdout == ""
    assert "of this name already" in again.stderr
    assert runner.invoke(args=["accounts", "token", amina]).exit_code == 2
    assert runner.invoke(args=["accounts", "token", "nobody@example.org", "--name", "x"]).exit_code == 1
