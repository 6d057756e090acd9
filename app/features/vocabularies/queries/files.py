"""Reading the vocabulary files, each once and only when something asks for it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from app.core.locales import LOCALES

DATA = Path(__file__).resolve().parent.parent / "data"
LANGUAGES = tuple(locale.code for locale in LOCALES)
FALLBACK = "en"


@cache
def read(name: str) -> Any:
    """The file ``data/<name>.json``; an empty map where it does not exist (a language not written yet)."""
    file = DATA / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def written_in(folder: str) -> tuple[str, ...]:
    """The languages a folder of files is written in: ours first, then the others."""
    found = {file.stem for file in (DATA / folder).glob("*.json") if file.stem != "codes"}
    return (*(code for code in LANGUAGES if code in found), *sorted(found - set(LANGUAGES)))


def base(locale: str) -> str:
    """The language of a locale or tag, without script and region.

    >>> base("zh-Hans"), base("pt_BR")
    ('zh', 'pt')
    """
    return locale.replace("_", "-").split("-")[0].lower()


def in_language(folder: str, code: str, locale: str) -> Any:
    """The value of ``code`` in the reader's language, else in English, else None."""
    return read(f"{folder}/{base(locale)}").get(code) or read(f"{folder}/{FALLBACK}").get(code)
