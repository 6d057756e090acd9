"""Unit tests reach no network, and so no database server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse every socket while a unit test runs."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
