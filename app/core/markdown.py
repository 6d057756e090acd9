"""Markdown that people write, as HTML that is safe to show: read by markdown-it, cleaned once more by nh3.

Nothing from elsewhere is loaded: a picture becomes a link to it. Headings begin below those of the page. Each block
at the top level finds its own direction, so that a paragraph in Arabic and one in French both stand right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

# What is kept of a text, at most; services refuse longer ones with a message, this only guards what shows them.
LONGEST = 60_000
# How deep quotes and lists may lie in each other before a text is shown as it was typed.
DEEPEST = 24

_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "bdi",
}  # fmt: skip
_ATTRIBUTES = {
    **{tag: {"dir"} for tag in ("p", "blockquote", "ul", "h3", "h4", "h5", "h6", "table", "pre", "code", "bdi")},
    "a": {"href", "title", "dir"},
    "ol": {"dir", "start"},
}
ADDRESS = re.compile(r"https?://[^\s<>\"'`\u2018-\u201f]+", re.IGNORECASE)
# A member's name as it is typed to tell them: apart, so that its sign stays before it from right to left, too, and a
# text in Arabic that begins with it is still one in Arabic.
_NAMED = re.compile(r"(?<![\w@/.&-])@[a-z0-9][a-z0-9-]*", re.IGNORECASE)
# What ends a sentence belongs to the sentence, not to the address in it.
_TRAILING = ".,;:!?…)]}»*_~。，；：！？）】」،؛؟"
# Each sign follows the spaces before it in one way only: nothing to try again on lines made for that.
_QUOTES = re.compile(rf"^[ \t]{{0,3}}>(?:[ \t]{{0,4}}>){{{DEEPEST // 2},}}[ \t]?", re.MULTILINE)


def cut_address(address: str) -> str:
    """A web address found in running text without the sentence's own signs at its end.

    A closing bracket that the address itself opened is part of it.

    >>> cut_address("https://example.org/a_(b)."), cut_address("https://example.org/a),")
    ('https://example.org/a_(b)', 'https://example.org/a')
    """
    kept = address.rstrip(_TRAILING)
    if address[len(kept) :].startswith(")") and kept.count("(") > kept.count(")"):
        kept += ")"
    return kept


def _text(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token


def _link(href: str, words: str) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": href, "dir": "auto"})
    return [opening, _text(words), Token("link_close", "a", -1)]


def _with_names(text: str) -> Iterator[Token]:
    at = 0
    for found in _NAMED.finditer(text):
        yield _text(text[at : found.start()])
        yield from (
            Token("bdi_open", "bdi", 1, attrs={"dir": "ltr"}),
            _text(found.group(0)),
            Token("bdi_close", "bdi", -1),
        )
        at = found.end()
    yield _text(text[at:])


def _with_links(md: MarkdownIt, text: str) -> Iterator[Token]:
    at = 0
    for found in ADDRESS.finditer(text):
        address = cut_address(found.group(0))
        href = md.normalizeLink(address)
        if md.validateLink(href):
            yield from _with_names(text[at : found.start()])
            yield from _link(href, address)
            at = found.start() + len(address)
    yield from _with_names(text[at:])


def _rework(md: MarkdownIt, children: list[Token]) -> list[Token]:
    """The parts of a line with pictures and bare web addresses as links, and names of members apart."""
    done: list[Token] = []
    inside = 0
    for token in children:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "image":
            words = plain_tokens(token.children or []) or str(token.attrs.get("src", ""))
            done += [_text(words)] if inside else _link(str(token.attrs.get("src", "")), words)
        elif token.type == "text" and not inside and ("://" in token.content or "@" in token.content):
            done += _with_links(md, token.content)
        else:
            done.append(token)
    return done


def _arrange(state: StateCore) -> None:
    """Lower the headings, let blocks find their direction, and rework what is in the lines."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
        if token.level == 0 and token.nesting == 1:
            token.attrSet("dir", "auto")
        if token.type in ("fence", "code_block"):
            token.attrSet("dir", "ltr")
        if token.type == "inline" and token.children:
            token.children = _rework(state.md, token.children)


def plain_tokens(tokens: list[Token]) -> str:
    """The words of the parts of a line."""
    words = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.children:
            words.append(plain_tokens(token.children))
        else:
            words.append(token.content)
    return "".join(words)


def _make() -> MarkdownIt:
    options: dict[str, Any] = {"html": False, "linkify": False, "breaks": True, "maxNesting": DEEPEST + 2}
    # Definitions of links vanish from a text; who types "[note]: something" wants it read.
    md = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).disable("reference")
    md.core.ruler.push("arrange", _arrange)
    return md


_md = _make()


def _as_typed(text: str) -> str:
    blocks = (block for block in re.split(r"\n{2,}", text) if block.strip())
    return "".join(f'<p dir="auto">{str(escape(block)).replace(chr(10), "<br>")}</p>' for block in blocks)


@lru_cache(maxsize=2048)
def _parse(text: str) -> tuple[Token, ...] | None:
    """The tokens of a text; None if it is nested too deep to be read as Markdown."""
    tokens = _md.parse(_QUOTES.sub("> " * (DEEPEST // 2), text))
    return None if any(token.level >= DEEPEST for token in tokens) else tuple(tokens)


@lru_cache(maxsize=2048)
def render_markdown(text: str) -> Markup:
    """The text as HTML; the same text is worked out once.

    >>> render_markdown("**Habari** <b>all</b>")
    Markup('<p dir="auto"><strong>Habari</strong> &lt;b&gt;all&lt;/b&gt;</p>\\n')
    >>> render_markdown("![a map](https://example.org/m.png)")
    Markup('<p dir="auto"><a href="https://example.org/m.png" dir="auto" rel="nofollow ugc noopener">a map</a></p>\\n')
    """
    text = text[:LONGEST]
    tokens = _parse(text)
    html = _as_typed(text) if tokens is None else _md.renderer.render(list(tokens), _md.options, {})
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return Markup(cleaned)  # noqa: S704 - cleaned


def plain_of(text: str, most: int = 300) -> str:
    """The words of a Markdown text in one line, cut after ``most`` characters at a space where there is one.

    >>> plain_of("# Fractions\\n\\nWe *tried* [this](https://example.org).")
    'Fractions We tried this.'
    """
    tokens = _parse(text[:LONGEST])
    if tokens is None:
        words = text[:LONGEST]
    else:
        words = " ".join(
            plain_tokens(token.children) if token.type == "inline" and token.children else token.content
            for token in tokens
            if token.type in ("inline", "fence", "code_block")
        )
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    cut = line[:most]
    return (cut.rpartition(" ")[0] if " " in cut[most // 2 :] else cut).rstrip() + "…"


def quote_of(text: str, most: int = 1500) -> str:
    """A text as a quotation in an answer, cut at a line if it is long.

    >>> quote_of("one\\n\\ntwo")
    '> one\\n>\\n> two\\n\\n'
    """
    if len(text) > most:
        text = (text[:most].rpartition("\n")[0] or text[:most]) + " …"
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines()) + "\n\n"
