"""Markdown as it is shown: safe, right in every direction, and quick whatever is thrown at it."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.markdown import plain_of, quote_of, render_markdown

ALLOWED = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "bdi"),
}


def elements(text: str) -> list:
    """The elements of a rendered text."""
    fragment = html5lib.parseFragment(str(render_markdown(text)), namespaceHTMLElements=False)
    return [e for e in fragment.iter() if isinstance(e.tag, str) and e.tag != "DOCUMENT_FRAGMENT"]


@given(st.text(st.sampled_from("ab<>\"'&[]()!*_`#->~|\n :/=x1.@\u0645\u202e"), max_size=80))
def test_nothing_but_a_few_tags_comes_out(text: str) -> None:
    for element in elements(text):
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"dir", "href", "title", "rel", "start"}
        assert element.attrib.get("href", "http").startswith(("http", "mailto:", "/", "#", *"ab<>*_`x1.@&?!\"'()~|=:%"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hello)",
        "![x](javascript:alert(1))",
        '<a href="https://example.org" onclick="x()">x</a>',
        "<img src=x onerror=alert(1)>",
        "[x](&#106;avascript:alert(1))",
    ],
)
def test_scripts_stay_words(text: str) -> None:
    for element in elements(text):
        assert element.tag in ALLOWED
        assert ":" not in element.attrib.get("href", "").removeprefix("https:").removeprefix("http:")


def test_headings_begin_below_those_of_the_page() -> None:
    assert [e.tag for e in elements("# a\n\n## b\n\n###### c")] == ["h3", "h4", "h6"]


def test_a_picture_is_a_link_to_it_and_nothing_is_loaded() -> None:
    links = elements("see ![the map](https://example.org/m.png) and [![](https://example.org/i.png)](https://c.org)")
    assert [(e.tag, e.text, e.attrib.get("href")) for e in links] == [
        ("p", "see ", None),
        ("a", "the map", "https://example.org/m.png"),
        ("a", "https://example.org/i.png", "https://c.org"),
    ]


def test_web_addresses_can_be_followed_without_the_sentence_around_them() -> None:
    found = [e for e in elements("Look at https://example.org/a_(b), please. `https://not.org`") if e.tag == "a"]
    assert [(e.attrib["href"], e.text, e.attrib["rel"]) for e in found] == [
        ("https://example.org/a_(b)", "https://example.org/a_(b)", "nofollow ugc noopener")
    ]


def test_each_block_finds_its_own_direction() -> None:
    blocks = [e for e in elements("Hello.\n\nمرحبا بكم\n\n- one\n- two\n\n> quoted") if e.attrib.get("dir")]
    assert [e.tag for e in blocks] == ["p", "p", "ul", "blockquote"]


def test_lines_stay_lines_and_tables_are_tables() -> None:
    assert "br" in [e.tag for e in elements("one\ntwo")]
    assert [e.tag for e in elements("|a|b|\n|-|-|\n|1|2|")].count("td") == 2


def test_what_looks_like_a_definition_is_not_lost() -> None:
    assert "note" in str(render_markdown("[note]: https://example.org"))


BOMBS = {
    "quotes": "> " * 9999 + "end",
    "lists": "".join("  " * depth + "- item\n" for depth in range(135)) + "end",
    "brackets": "[" * 19_000 + "end",
    "pictures": "![a](" * 3900 + "end",
    "stars": "*a **a " * 2800 + "end",
    "underscores": "*_" * 9900 + "end",
    "ticks": "".join("`" * n + " " for n in range(190)) + "end",
}


def test_a_name_stands_apart_and_leaves_the_direction_to_the_text():
    html = render_markdown("@amina-otieno ما رأيك؟ a@b.org, https://example.org/@x")
    assert html.startswith('<p dir="auto"><bdi dir="ltr">@amina-otieno</bdi> ما رأيك؟ a@b.org, <a href=')
    assert html.count("<bdi") == 1 and "@amina" in plain_of("@amina ja", 50)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_shown_and_its_end_is_not_lost(bomb: str) -> None:
    html = str(render_markdown(bomb))
    assert "end" in html
    assert len(html) < 12 * len(bomb)
    assert html.count("<blockquote") <= 24 and html.count("<ul") <= 24
    assert plain_of(bomb, 100_000).endswith("end")


def test_a_megabyte_is_cut_before_it_is_read() -> None:
    assert len(render_markdown("> " * 500_000)) < 200_000


def test_plain_words_of_a_text() -> None:
    assert plain_of("## Fractions\n\nWe *tried* `x`\n- [this](https://example.org)\n") == "Fractions We tried x this"
    assert plain_of("word " * 100, 50) == ("word " * 10).strip() + "…"
    assert plain_of("教育" * 100, 10) == "教育" * 5 + "…"


def test_a_quotation_is_one_when_it_is_rendered() -> None:
    quoted = quote_of("First.\n\n- a\n- b") + "My answer."
    assert [e.tag for e in elements(quoted)] == ["blockquote", "p", "ul", "li", "li", "p"]
