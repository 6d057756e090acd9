"""Plain text that people wrote, as HTML in which addresses of the web can be followed."""

from __future__ import annotations

import re

import nh3
from markupsafe import Markup, escape

from app.core.markdown import ADDRESS, cut_address


def _link(found: re.Match[str]) -> str:
    address = found.group(0)
    kept = cut_address(address)
    return f'<a href="{escape(kept)}" dir="ltr">{escape(kept)}</a>{escape(address[len(kept) :])}'


def plain_with_links(text: str) -> Markup:
    """The text with every sign of HTML made harmless and its web addresses as links.

    >>> plain_with_links("<b>hi</b> see https://example.org/a.")
    Markup('&lt;b&gt;hi&lt;/b&gt; see <a href="https://example.org/a" dir="ltr" rel="nofollow noopener noreferrer ugc">https://example.org/a</a>.')
    """
    parts: list[str] = []
    at = 0
    for found in ADDRESS.finditer(text):
        parts += [str(escape(text[at : found.start()])), _link(found)]
        at = found.end()
    parts.append(str(escape(text[at:])))
    # Cleaned once more by another hand: only links are left, whatever was typed.
    cleaned = nh3.clean(
        "".join(parts),
        tags={"a"},
        attributes={"a": {"href", "dir"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return Markup(cleaned)  # noqa: S704 - escaped above and cleaned
