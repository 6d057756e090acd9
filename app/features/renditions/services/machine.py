"""Machine translation by the LibreTranslate protocol, where an operator plugged a server in.

What a machine wrote is always marked as such and never takes the place of a person's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Forbidden
from app.core.fetching import FetchProblem, fetch
from app.core.jobs import enqueue
from app.core.messages import N_
from app.core.registries import Original
from app.core.settings import Settings
from app.features.profiles.queries.reading import primary
from app.features.renditions.models import FAILED, WAITING, RenditionRequest
from app.features.renditions.policies import can_use_machine
from app.features.renditions.queries.renditions import find_rendition
from app.features.renditions.services.asking import ask_translation, check_language

# How much is sent at once; servers refuse long texts, and a paragraph is the least that makes sense alone.
MOST_AT_ONCE = 1800
MOST_IN_ALL = 40_000
SECONDS = 60.0
# What stands before the words of a line in Markdown: signs of lists, quotes, headings; they are kept as they are.
_BEFORE = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)]|>|#{1,6})\s+)*")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]+")

Step = Callable[[int, int], None]


class MachineProblem(Exception):
    """The machine did not manage; ``message`` is marked for translation."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def ask_machine(
    session: Session, actor: Actor, original: Original, lang: str, settings: Settings
) -> RenditionRequest | None:
    """Have a machine translate; None where a person's translation is there already."""
    if not settings.translate_url:
        raise Forbidden(N_("No machine translation is plugged in here."))
    tag = check_language(original, lang)
    if not can_use_machine(actor, find_rendition(session, original.kind, original.thing_id, tag)):
        raise Forbidden(N_("A person has translated this; a machine does not take the place of a person's words."))
    request = ask_translation(session, actor, original, tag)
    if request is None or request.machine == WAITING:
        return request
    request.machine, request.machine_note = WAITING, ""
    session.flush()
    enqueue(session, "renditions.translate", unique=f"renditions.translate:{request.id}",
            request_id=request.id, account_id=actor.account_id)  # fmt: skip
    return request


def note_failure(session: Session, request_id: int, message: str) -> None:
    """Keep why the machine did not manage, for those who wait."""
    request = session.get(RenditionRequest, request_id)
    if request is not None:
        request.machine, request.machine_note = FAILED, message
        session.flush()


def note_done(session: Session, request_id: int) -> None:
    """The machine is done; the wish stays open for a person."""
    request = session.get(RenditionRequest, request_id)
    if request is not None:
        request.machine, request.machine_note = "", ""
        session.flush()


def translate_original(original: Original, lang: str, settings: Settings, step: Step) -> dict[str, str]:
    """Every text of an original as the machine words it; raises `MachineProblem`."""
    texts = {name: text for name, text in original.fields.items() if text}
    if sum(map(len, texts.values())) > MOST_IN_ALL:
        raise MachineProblem(N_("This text is too long for the machine."))
    machine = _Machine(settings, *_codes(settings, original.lang, lang))
    chunks = {name: list(_chunks(text)) for name, text in texts.items()}
    total, done = sum(map(len, chunks.values())), 0
    words: dict[str, str] = {}
    for name, pieces in chunks.items():
        parts = []
        machine.fenced = False
        for piece in pieces:
            parts.append(machine.translate_lines(piece))
            done += 1
            step(done, total)
        words[name] = "\n".join(parts)
    return words


def _post(settings: Settings, values: dict[str, Any]) -> Any:
    if settings.translate_key:
        values["api_key"] = settings.translate_key
    return _call(settings, "/translate", values)


def _call(settings: Settings, path: str, values: dict[str, Any] | None = None) -> Any:
    address = settings.translate_url.rstrip("/") + path
    try:
        answer = fetch(address, settings=settings, timeout=SECONDS, method="POST" if values else "GET", json=values)
    except FetchProblem:
        raise MachineProblem(N_("The machine could not be reached.")) from None
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if answer.status == 429:
        raise MachineProblem(N_("The machine has too much to do. Please try again later."))
    if answer.status != 200 or found is None:
        raise MachineProblem(N_("The machine did not give an answer that can be used."))
    return found


def _codes(settings: Settings, source: str, target: str) -> tuple[str, str]:
    """The server's own names of the two languages; raises where it does not have the pair."""
    offered = _call(settings, "/languages")
    if not isinstance(offered, list):
        raise MachineProblem(N_("The machine did not give an answer that can be used."))
    rows = {str(row["code"]): row for row in offered if isinstance(row, dict) and row.get("code")}
    one = _code(list(rows), source)
    # Older servers do not say into what they translate; then every language will do.
    targets = rows[one].get("targets") or list(rows) if one else []
    other = _code([str(code) for code in targets], target)
    if one is None or other is None or one == other:
        raise MachineProblem(N_("The machine does not have these two languages."))
    return one, other


def _code(offered: list[str], tag: str) -> str | None:
    by_name = {code.lower(): code for code in reversed(offered)}
    exact = by_name.get(tag.lower())
    return exact or next((code for code in offered if primary(code) == primary(tag)), None)


def _chunks(text: str) -> Iterator[str]:
    """A text in pieces of whole paragraphs, lines where these are long, sentences where those are."""
    kept: list[str] = []
    length = 0
    for line in _short_lines(text):
        if kept and length + len(line) > MOST_AT_ONCE:
            yield "\n".join(kept)
            kept, length = [], 0
        kept.append(line)
        length += len(line) + 1
    yield "\n".join(kept)


def _short_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        while len(line) > MOST_AT_ONCE:
            cut = max(line.rfind(sign, 0, MOST_AT_ONCE) for sign in (". ", "。", "। ", "؟ ", "? ", "! ")) + 1
            cut = cut or line.rfind(" ", 0, MOST_AT_ONCE) + 1 or MOST_AT_ONCE
            yield line[:cut]
            line = line[cut:].lstrip()
        yield line


class _Machine:
    """A server with a pair of languages."""

    def __init__(self, settings: Settings, source: str, target: str) -> None:
        self.settings, self.source, self.target = settings, source, target
        # Whether the lines that come next are code.
        self.fenced = False

    def translate_lines(self, text: str) -> str:
        """A piece of Markdown line by line: the signs before the words stay, and so does code."""
        before: list[str] = []
        words: list[str] = []
        for line in text.split("\n"):
            fence = bool(_FENCE.match(line))
            mark = line if self.fenced or fence else (_BEFORE.match(line) or [""])[0]
            before.append(mark)
            words.append(line[len(mark) :])
            self.fenced = self.fenced != fence
        wanted = [at for at, word in enumerate(words) if word.strip()]
        for at, word in zip(wanted, self._many([words[at] for at in wanted]), strict=True):
            words[at] = _with_addresses(words[at], word)
        return "\n".join(mark + word for mark, word in zip(before, words, strict=True))

    def _many(self, lines: list[str]) -> list[str]:
        """Lines together, so that the machine sees what belongs together; one by one where it loses count."""
        if not lines:
            return []
        together = self._one("\n".join(lines)).split("\n")
        return together if len(together) == len(lines) else [self._one(line).replace("\n", " ") for line in lines]

    def _one(self, text: str) -> str:
        values = {"q": text, "source": self.source, "target": self.target, "format": "text"}
        found = _post(self.settings, values)
        words = found.get("translatedText") if isinstance(found, dict) else None
        if not isinstance(words, str) or not words.strip():
            raise MachineProblem(N_("The machine did not give an answer that can be used."))
        return words.strip("\n")


def _with_addresses(line: str, words: str) -> str:
    """The translated words with every web address that stood in the line, also one the machine lost or changed."""
    missing = [address for address in _ADDRESS.findall(line) if address not in words]
    return " ".join([words, *(f"({address})" for address in missing)])
