"""What the design asks of the stylesheet, the scripts and the templates, measured."""

from __future__ import annotations

import gzip
import json
import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "app" / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
EVERYWHERE = ("tokens", "base", "layout", "forms", "components")
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "app").rglob("*.html"))

PAGE = ("--paper", "--leaf")
# Which text stands on which ground.
TEXT_ON = (
    *product(("--ink", "--soft"), (*PAGE, "--well")),
    *product(("--teal",), (*PAGE, "--well", "--teal-mist")),
    *product(("--teal-deep",), (*PAGE, "--teal-mist")),
    *product(("--red",), (*PAGE, "--red-mist")),
    *product(("--green",), (*PAGE, "--green-mist")),
    *product(("--ink",), ("--teal-mist", "--red-mist", "--green-mist")),
    *product(("--ink",), [f"--avatar-{number}" for number in range(8)]),
    ("--marigold-ink", "--marigold-mist"),
    ("--on-teal", "--teal"),
    ("--on-teal", "--teal-deep"),
)
# What is seen without being read: edges of fields, marks, the threads of a reason bar.
SHAPE_ON = (*product(("--edge", "--marigold", "--teal"), PAGE),)
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom|width|height"
    r"|(?:min|max)-(?:width|height))\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def themes() -> dict[str, dict[str, str]]:
    """The colours of the light theme, and of the dark one, which overrides some."""
    tokens = without_comments((STATIC / "css" / "tokens.css").read_text())
    before, dark = tokens.split("@media (prefers-color-scheme: dark)", 1)
    colours = re.compile(r"(--[\w-]+):\s*(#[0-9a-f]{6})\b")
    light = dict(colours.findall(before))
    return {"light": light, "dark": light | dict(colours.findall(dark.split("}", 1)[0]))}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_a_contrast_of_seven(theme: str) -> None:
    colours = themes()[theme]
    weak = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text, ground in TEXT_ON
        if contrast(colours[text], colours[ground]) < 7
    }
    assert not weak


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_have_a_contrast_of_three(theme: str) -> None:
    colours = themes()[theme]
    weak = [pair for pair in SHAPE_ON if contrast(colours[pair[0]], colours[pair[1]]) < 3]
    assert not weak


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_css_serves_both_directions(sheet: Path) -> None:
    rules = re.sub(r"@media[^{]*", "", without_comments(sheet.read_text()))
    assert [found.group().strip() for found in PHYSICAL.finditer(rules)] == []


def test_first_visit_stays_small() -> None:
    def weight(paths: list[Path]) -> int:
        return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)

    everywhere = [path for path in SHEETS if path.stem in EVERYWHERE]
    assert len(everywhere) == len(EVERYWHERE)
    assert weight(everywhere) < 12_000
    # What only some pages load, none of them more than one.
    assert all(weight([path]) < 4_000 for path in SHEETS if path not in everywhere)
    assert weight(SCRIPTS) < 6_000
    assert weight([STATIC / "img" / "mark.svg"]) < 1_000


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app")))
def test_templates_carry_no_inline_style_or_script(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.S)
    assert not re.search(r"\sstyle=|\son\w+=[\"']|<style\b|javascript:", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "nonce=" in tag


def test_npm_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert asked["htmx.org"].startswith("2."), "htmx is pinned to its second major"
