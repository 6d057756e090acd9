"""What changed between two wordings of a text, word by word, in every script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"

# Scripts written without spaces are compared character by character: Thai to Khmer, Chinese, Japanese.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"\s+|[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+|[^\w\s]")
# Past this, every word is too many: whole lines are compared.
_MOST_TOKENS = 4000
# Two stretches that share fewer of their letters (in percent) are shown one after the other, not woven into each other.
_ALIKE = 35


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both wordings (``same``), only in the earlier (``gone``) or the later (``new``)."""

    kind: str
    text: str


def compare_wordings(before: str, after: str) -> list[Piece]:
    """The pieces of both wordings in order: without the new ones they give ``before``, without the gone ``after``.

    Lines first, then the words of lines that differ.

    >>> [(p.kind, p.text) for p in compare_wordings("We write plain words.", "We use plain words.")]
    [('same', 'We '), ('gone', 'write'), ('new', 'use'), ('same', ' plain words.')]
    >>> [(p.kind, p.text) for p in compare_wordings("Ask an elder, then wait.", "The coordinators decide.")]
    [('gone', 'Ask an elder, then wait.'), ('new', 'The coordinators decide.')]
    """
    pieces: list[Piece] = []
    one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for kind, gone, new in _stretches(one, other):
        if kind == SAME or not gone or not new:
            _add(pieces, SAME if kind == SAME else GONE, gone)
            _add(pieces, NEW, "" if kind == SAME else new)
        else:
            pieces += _words(gone, new)
    return pieces


def _stretches(one: list[str], other: list[str]) -> Iterator[tuple[str, str, str]]:
    """What is the same and what differs in two lists of tokens: (same or changed, the earlier text, the later)."""
    # In short texts every word counts; in long ones the most frequent ("the", ",") would only cost time.
    matcher = SequenceMatcher(None, one, other, autojunk=max(len(one), len(other)) > 800)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        same = SAME if kind == "equal" else GONE
        yield same, "".join(one[start:end]), "".join(other[other_start:other_end])


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if text:
        pieces.append(Piece(kind, text))


def _words(before: str, after: str) -> list[Piece]:
    """Two stretches compared word by word, unless they have too little in common, or are too long for it."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    if max(len(one), len(other)) <= _MOST_TOKENS:
        for kind, gone, new in _stretches(one, other):
            _add(pieces, kind, gone)
            _add(pieces, NEW, "" if kind == SAME else new)
        pieces = _joined(pieces)
    kept = sum(len("".join(p.text.split())) for p in pieces if p.kind == SAME)
    letters = len("".join(before.split())) + len("".join(after.split()))
    if not pieces or kept * 200 < letters * _ALIKE:
        return [Piece(GONE, before), Piece(NEW, after)]
    return pieces


def _joined(pieces: list[Piece]) -> list[Piece]:
    """The same with a lone space between two changes taken into them, so that a changed phrase reads as one."""
    joined: list[Piece] = []
    gone = new = ""
    for at, piece in enumerate(pieces):
        inside = 0 < at < len(pieces) - 1
        if piece.kind == GONE:
            gone += piece.text
        elif piece.kind == NEW:
            new += piece.text
        elif inside and piece.text.isspace() and "\n" not in piece.text and gone and new:
            gone, new = gone + piece.text, new + piece.text
        else:
            _add(joined, GONE, gone)
            _add(joined, NEW, new)
            gone = new = ""
            joined.append(piece)
    _add(joined, GONE, gone)
    _add(joined, NEW, new)
    return joined
