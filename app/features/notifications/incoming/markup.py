"""The words of a mail in HTML, without what it quotes: a small reader that trusts nothing and follows nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_BLOCKS = {
    "p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "section",
    "article", "header", "footer",
}  # fmt: skip
_SILENT = {"script", "style", "head", "title", "template", "noscript", "blockquote", "object", "svg", "math"}
# What is kept of the markup, to be read.
_KEPT = _BLOCKS | {"a", "blockquote", "span", "b", "img", "td", "th"}
# What mail programs put around what they quote, and around a person's letterhead.
_QUOTED = {
    "gmail_quote", "gmail_quote_container", "gmail_attr", "gmail_extra", "gmail_signature", "yahoo_quoted",
    "moz-cite-prefix", "moz-signature", "protonmail_quote", "protonmail_signature_block", "zmail_extra",
    "tutanota_quote", "ms-outlook-mobile-reference-message",
}  # fmt: skip
# From here on everything is quoted.
_LAST = {
    "divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "x_divrplyfwdmsg",
    "outlookmessageheader",
}  # fmt: skip

# As deep as browsers go. What is deeper costs the square of its depth to put in order, and no person writes it.
_DEEPEST = 500
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# What is closed by the next of its kind, or by nothing.
_SHALLOW = {"p", "li", "dt", "dd", "tr", "td", "th", "option", "br", "hr", "img", "input", "meta", "link", "wbr", "col"}


def _flattened(html: str) -> str:
    """The same without the tags that are nested deeper than anybody means.

    Each letter is looked at once: one expression for whole tags took the cube of what never closes.
    """
    kept: list[str] = []
    at = depth = 0
    while (found := _TAG.search(html, at)) is not None:
        end = html.find(">", found.end())
        if end < 0:
            break
        level = depth
        if found[2].lower() not in _SHALLOW:
            depth = max(depth - 1, 0) if found[1] else depth + 1
            level = depth if found[1] else depth - 1
        # What stands before the tag, and the tag itself unless it lies too deep.
        kept.append(html[at : end + 1] if level < _DEEPEST else html[at : found.start()])
        at = end + 1
    return "".join(kept) + html[at:]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.skipping: str | None = None
        self.depth = 0
        self.over = False
        self.link: str | None = None
        self.linked = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.over:
            return
        if self.skipping is not None:
            self.depth += tag == self.skipping
            return
        named = {name: value or "" for name, value in attrs}
        marks = {*named.get("class", "").lower().split(), named.get("id", "").lower()}
        if marks & _LAST:
            self.over = True
        elif tag in _SILENT or (marks & _QUOTED and tag not in ("br", "img", "hr")):
            self.skipping, self.depth = tag, 1
        elif tag in _BLOCKS:
            self.pieces.append("\n- " if tag == "li" else "\n")
            if tag == "p":
                self.pieces.append("\n")
        elif tag == "a":
            href = named.get("href", "").strip()
            self.link, self.linked = (href if href.startswith(("http://", "https://")) else None), ""

    def handle_endtag(self, tag: str) -> None:
        if self.over:
            return
        if self.skipping is not None:
            self.depth -= tag == self.skipping
            if self.depth == 0:
                self.skipping = None
            return
        if tag == "a" and self.link is not None:
            if self.link.rstrip("/") != self.linked.strip().rstrip("/"):
                self.pieces.append(f" <{self.link}>")
            self.link = None
        elif tag in _BLOCKS and tag != "br":
            self.pieces.append("\n\n" if tag in ("p", "table", "ul", "ol") else "\n")

    def handle_data(self, data: str) -> None:
        if self.over or self.skipping is not None:
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.linked += words if self.link is not None else ""
        self.pieces.append(words)


def words_of_html(html: str) -> str:
    """The lines that a person wrote.

    >>> words_of_html("<p>Yes, <b>gladly</b>.</p><blockquote>Would you?</blockquote><script>x</script>")
    'Yes, gladly.'
    """
    reader = _Reader()
    # Put in order first: on broken markup the reader would look at the same letters again and again.
    html = nh3.clean(
        _flattened(html), tags=_KEPT, clean_content_tags=_SILENT - _KEPT - {"head"}, link_rel=None,
        url_schemes={"http", "https"}, attributes={"*": {"class", "id"}, "a": {"href"}},
    )  # fmt: skip
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):
        # The reader gives up on a few kinds of broken markup; what it read until then counts.
        pass
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).replace("\u00a0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
