"""Plain text that people wrote, as HTML in which addresses of the web can be followed."""

from __future__ import annotations

import re

import nh3
from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\u2018-\u201f]+", re.IGNORECASE)
# What ends a sentence belongs to the sentence, not to the address in it.
_TRAILING = ".,;:!?…)]}»。，；：！？）】」،؛؟"


def _link(found: re.Match[str]) -> str:
    address = found.group(0)
    kept = address.rstrip(_TRAILING)
    # A closing bracket that the address itself opened is part of it.
    if address[len(kept) :].startswith(")") and kept.count("(") > kept.count(")"):
        kept += ")"
    return f'<a href="{escape(kept)}" dir="ltr">{escape(kept)}</a>{escape(address[len(kept) :])}'


def plain_with_links(text: str) -> Markup:
    """The text with every sign of HTML made harmless and its web addresses as links.

    >>> plain_with_links("<b>hi</b> see https://example.org/a.")
    Markup('&lt;b&gt;hi&lt;/b&gt; see <a href="https://example.org/a" dir="ltr" rel="nofollow noopener noreferrer ugc">https://example.org/a</a>.')
    """
    parts: list[str] = []
    at = 0
    for found in _ADDRESS.finditer(text):
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
