"""A small world and clients of the API."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.features.accounts.queries import find_account
from app.features.accounts.services.renewal import create_api_token
from tests.integration.api.places import make_places
from tests.integration.suggestions.world import make_world

_numbers = count()


class Program:
    """A program with a token (or without); what it gets must be JSON or a problem document."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client, self.token = client, token

    def open(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        headers = kwargs.pop("headers", {})
        if self.token is not None:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        response = self.client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)
        if response.status_code >= 400:
            assert response.mimetype == "application/problem+json", response.get_data(as_text=True)[:500]
            assert response.json["status"] == response.status_code
            assert response.json["title"] and response.json["detail"]
        assert "Set-Cookie" not in response.headers
        return response

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.open("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        return self.open("POST", path, **kwargs)

    def patch(self, path: str, **kwargs: Any) -> TestResponse:
        return self.open("PATCH", path, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> TestResponse:
        return self.open("DELETE", path, **kwargs)


@pytest.fixture
def world(database):
    """Amina, Baraka, Dalia and others, and institutions, of whom Amina owns the college."""
    with database.transaction() as session:
        make_world(session)
        session.flush()


@pytest.fixture
def places(world, database):
    """Besides them the community of `make_places`."""
    with database.transaction() as session:
        make_places(session)


@pytest.fixture
def token_of(database):
    """``token_of(handle)``: a new token of the person of `make_person`."""

    def make(handle: str) -> str:
        with database.transaction() as session:
            account = find_account(session, f"{handle}@example.org")
            assert account is not None
            return create_api_token(session, account.id, f"tests {next(_numbers)}")

    return make


@pytest.fixture
def program(app: Flask, token_of):
    """``program(handle)``: a program with a token of that person; ``program()``: one without any."""

    def make(handle: str | None = None) -> Program:
        return Program(app.test_client(), token_of(handle) if handle else None)

    return make
