"""Whom a rate limit by address counts as one."""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.web.limits import client_address


@pytest.mark.parametrize(
    "remote, counted",
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", "unix:"),
    ],
)
def test_a_network_of_ipv6_addresses_counts_as_one(remote, counted):
    with Flask("x").test_request_context(environ_base={"REMOTE_ADDR": remote}):
        assert client_address() == counted
