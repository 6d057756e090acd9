"""Addresses: which are of the web, and which are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.resources.addresses import BadAddress, clean_address, same_as


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.org", "https://example.org/"),
        ("HTTP://Example.ORG:80/A", "http://example.org/A"),
        ("https://münchen.example/ü?q=ä#ö", "https://xn--mnchen-3ya.example/%C3%BC?q=%C3%A4#%C3%B6"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
    ],
)
def test_an_address_is_kept_in_one_form(typed, kept):
    assert clean_address(typed) == kept
    assert clean_address(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "javascript:alert(1)", "data:text/html,x", "mailto:a@example.org", "https://", "https://a b/",
     "http://localhost", "http://127.0.0.1", "http://127.1", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/",
     "http://printer.local/",
     "https://user@example.org/", "https://example.org:99999/", "http://[zz]/", "http://nodot/",
     "https://" + "a" * 3000, "http://224.0.0.1/", "http://0.0.0.0/", "//example.org"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(typed):
    with pytest.raises(BadAddress):
        clean_address(typed)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_kept_or_refused(typed):
    try:
        kept = clean_address(typed)
    except BadAddress:
        return
    assert kept.startswith(("http://", "https://")) and kept.isascii() and clean_address(kept) == kept
    assert len(same_as(kept)) == 64


def test_the_same_thing_is_known_again():
    same = {"https://example.org/a", "http://www.example.org/a/", "https://example.org/a?utm_source=x&fbclid=y#top"}
    assert len({same_as(address) for address in same}) == 1
    other = {"https://example.org/a", "https://example.org/b", "https://example.org/a?id=2", "https://example.org/#/a"}
    assert len({same_as(address) for address in other}) == 4
