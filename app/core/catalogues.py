"""Keeping the catalogues of translations in step with the texts in the code.

``flask translations update`` takes new texts in; ``flask translations check`` fails when a catalogue has drifted
from the code, or when a language that is offered has a text without a translation, a plural form missing, or
a placeholder that differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale as BabelLocale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.core.locales import LOCALES, Locale
from app.core.settings import ROOT

FOLDER = ROOT / "translations"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS: dict[str, Any] = {"jinja2": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "_l": None,
    "lazy_gettext": None,
    "NN_": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# CLDR's forms, spelled out: Babel's default for Arabic orders the last two otherwise.
PLURALS = {
    "ar": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)"),
    "fr": (2, "(n > 1)"),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def path_of(locale: Locale, folder: Path = FOLDER) -> Path:
    """Where the catalogue of a language is."""
    return folder / locale.babel / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """All texts in the code and the templates that are marked for translation."""
    template = Catalog(project="Commonweave", charset="utf-8")
    found = extract_from_dir(ROOT / "app", METHODS, OPTIONS, KEYWORDS, comment_tags=["Translators:"])
    for name, line, message, comments, context in sorted(found, key=lambda m: (m[0], m[1])):
        template.add(message, locations=[(f"app/{name}", line)], auto_comments=comments, context=context)
    return template


def read(locale: Locale, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a language; an empty one if there is none yet."""
    path = path_of(locale, folder)
    if not path.exists():
        return Catalog(locale=locale.babel, project="Commonweave", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale.babel)


def update(folder: Path = FOLDER) -> None:
    """Take new texts into every catalogue and drop those that are gone; nothing is guessed."""
    template = extract()
    for locale in LOCALES:
        if locale.code == "en":
            continue
        catalogue = read(locale, folder)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _state_plurals(catalogue, locale)
        path = path_of(locale, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, sort_output=True, omit_header=False, width=110, include_lineno=False)
        _without_dates(path)


def _state_plurals(catalogue: Catalog, locale: Locale) -> None:
    if locale.code in PLURALS:
        count, expression = PLURALS[locale.code]
        catalogue._num_plurals, catalogue._plural_expr = count, expression  # type: ignore[assignment]
        for message in catalogue:
            if message.id and isinstance(message.id, tuple):
                forms = tuple(message.string) if isinstance(message.string, tuple | list) else ()
                message.string = (forms + ("",) * catalogue.num_plurals)[: catalogue.num_plurals]


def _without_dates(path: Path) -> None:
    """Leave out the header's dates, which would change at each update and say nothing."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [
        line for line in lines if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', "# ORGANIZATION"))
    ]
    path.write_text("".join(kept), encoding="utf-8")


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def _faults_of(message: Message, plural_count: int) -> Iterator[str]:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = _strings(message)
    if message.fuzzy:
        yield "is marked as uncertain"
    if not all(strings) or (len(ids) > 1 and len(strings) != plural_count):
        yield "is not translated in all its forms"
        return
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    for number, text in enumerate(strings):
        given = set(PLACEHOLDER.findall(text))
        # A form for none, one or two may leave the number itself out.
        if not given <= wanted or (wanted - given - {"num", "count", "n"} if len(ids) > 1 else wanted - given):
            yield f"has other placeholders in form {number}: {sorted(given)} instead of {sorted(wanted)}"


def faults(folder: Path = FOLDER) -> list[str]:
    """All that is wrong with the catalogues, one line each."""
    template = extract()
    wanted = {(message.id, message.context) for message in template if message.id}
    found: list[str] = []
    for locale in LOCALES:
        if locale.code == "en":
            continue
        catalogue = read(locale, folder)
        messages = {(message.id, message.context): message for message in catalogue if message.id}
        found += [f"{locale.code}: not taken in yet: {key[0]!r}" for key in sorted(wanted - set(messages), key=str)]
        found += [f"{locale.code}: no longer used: {key[0]!r}" for key in sorted(set(messages) - wanted, key=str)]
        if locale.complete:
            for key, message in messages.items():
                found += [f"{locale.code}: {key[0]!r} {fault}" for fault in _faults_of(message, catalogue.num_plurals)]
    return found


def display_name(locale: Locale) -> str:
    """The language's English name, for the command's report."""
    return str(BabelLocale.parse(locale.babel).english_name)


def missing(locale: Locale, folder: Path = FOLDER) -> tuple[int, int]:
    """How many texts the catalogue of a language holds, and how many of them are not translated."""
    catalogue = read(locale, folder)
    return len(catalogue), sum(1 for m in catalogue if m.id and not all(_strings(m)))
