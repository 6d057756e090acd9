"""What people wrote, as HTML: every sign of markup harmless, web addresses as links."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.threads.rendering import plain_with_links


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org.", "https://example.org"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("看这里：https://example.org/教育。好", "https://example.org/教育。好"),
        ("“https://example.org/a”", "https://example.org/a"),
        ("HTTPS://EXAMPLE.ORG/x?a=1&b=2", "HTTPS://EXAMPLE.ORG/x?a=1&b=2"),
    ],
)
def test_an_address_becomes_a_link_to_itself(text, address):
    found = re.search(r'href="([^"]+)"', plain_with_links(text))
    assert found and html.unescape(found.group(1)) == address


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "data:text/html,<b>",
        '<a href="https://example.org" onclick="x">y</a>',
        "[x](javascript:alert(1))",
        "&lt;script&gt;",
    ],
)
def test_markup_stays_text(text):
    rendered = plain_with_links(text)
    assert "<script" not in rendered and 'href="javascript' not in rendered
    assert html.unescape(re.sub(r"</?a[^>]*>", "", rendered)) == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), max_size=200))
def test_nothing_is_lost_and_nothing_but_links_is_added(text):
    rendered = plain_with_links(text)
    assert set(re.findall(r"<(/?\w+)", rendered)) <= {"a", "/a"}
    assert html.unescape(re.sub(r"</?a\b[^>]*>", "", rendered)) == html.unescape(html.escape(text))


@given(st.lists(st.sampled_from(["https://", "http://", "<", ">", '"', "'", "&", ".", ")", "(", "a", "\u202e", " "])))
def test_hostile_addresses_do_not_break_out(parts):
    rendered = plain_with_links("".join(parts))
    for attributes in re.findall(r"<a ([^>]*)>", rendered):
        assert re.fullmatch(r'(?:(?:href|dir|rel)="[^"<>]*" ?)+', attributes), attributes
