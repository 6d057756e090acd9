"""The JSON of a description, or of the web page that holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from app.core.messages import N_, Text

MOST_BYTES = 1_000_000
MOST_DEEP = 40


class Unreadable(ValueError):
    """What was given is no JSON-LD that could be read; ``text`` says why."""

    def __init__(self, key: str, **values: object) -> None:
        self.text = Text(key, values)
        super().__init__(str(self.text))


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_DEEP):
        if not level:
            return False
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, (dict, list))
        ]
    return bool(level)


def read_document(text: str) -> Any:
    """The JSON of a text, or of the scripts of a web page that was pasted; raises `Unreadable`."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Unreadable(N_("This is larger than %(limit)s kB. Please bring it in parts."), limit=MOST_BYTES // 1000)
    plain = text.strip().removeprefix("\ufeff").strip()
    if not plain:
        raise Unreadable(N_("Please paste something, or choose a file."))
    if plain.startswith("<"):
        parts = list(_scripts(plain))
        return [_parse(part) for part in parts] if parts else _parse(plain)
    return _parse(plain)


_OPENS, _CLOSES = re.compile(r"<script([^<>]*)>", re.I), re.compile(r"</script", re.I)


def _scripts(page: str) -> Iterator[str]:
    """The JSON-LD of a web page. Each letter is looked at once or twice, also where nothing that opens closes."""
    at = 0
    while (opening := _OPENS.search(page, at)) is not None:
        at = opening.end()
        if "application/ld+json" not in opening[1].lower():
            continue
        closing = _CLOSES.search(page, at)
        if closing is None:
            return
        yield page[at : closing.start()]
        at = closing.end()


def _parse(text: str) -> Any:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(N_("This is not JSON-LD: it could not be read from beginning to end.")) from None
    if _too_deep(document):
        raise Unreadable(N_("This is nested too deeply to be read."))
    return _whole(document) if _HALF.search(text) else document


# JSON can name half a letter, which no database takes.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _whole(value: Any) -> Any:
    """The same without halves of letters."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return value
