"""What changed between two wordings of a text, word by word, in every script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"

# Scripts written without spaces are compared character by character: Thai to Khmer, Chinese, Japanese.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"\s+|[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+|[^\w\s]")
# Past this, every word is too many: whole lines are compared.
_MOST_TOKENS = 4000
# From here on the most frequent words are passed over.
_LONG = 800
# So many pairs of like tokens are looked at in all: two texts made of the same few words over and over could keep a
# machine busy for minutes. What is left then is shown as a whole, gone and new.
EFFORT = 600_000
# Two stretches that share fewer of their letters (in percent) are shown one after the other, not woven into each other.
_ALIKE = 35


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both wordings (``same``), only in the earlier (``gone``) or the later (``new``)."""

    kind: str
    text: str


def compare_wordings(before: str, after: str, effort: int = EFFORT) -> list[Piece]:
    """The pieces of both wordings in order: without the new ones they give ``before``, without the gone ``after``.

    Lines first, then the words of lines that differ. ``effort``: how much may be looked at; a page that compares many
    texts shares it among them.

    >>> [(p.kind, p.text) for p in compare_wordings("We write plain words.", "We use plain words.")]
    [('same', 'We '), ('gone', 'write'), ('new', 'use'), ('same', ' plain words.')]
    >>> [(p.kind, p.text) for p in compare_wordings("Ask an elder, then wait.", "The coordinators decide.")]
    [('gone', 'Ask an elder, then wait.'), ('new', 'The coordinators decide.')]
    """
    pieces: list[Piece] = []
    one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    effort -= _pairs(one, other)
    if effort < 0:
        return [piece for piece in (Piece(GONE, before), Piece(NEW, after)) if piece.text]
    for kind, gone, new in _stretches(one, other):
        if kind == SAME or not gone or not new:
            _add(pieces, SAME if kind == SAME else GONE, gone)
            _add(pieces, NEW, "" if kind == SAME else new)
        else:
            words, effort = _words(gone, new, effort)
            pieces += words
    return pieces


def _pairs(one: list[str], other: list[str]) -> int:
    """How many pairs of like tokens there are to look at; what is too frequent to be looked at is left out."""
    often = Counter(other)
    most = len(other) // 100 + 1 if max(len(one), len(other)) > _LONG and len(other) >= 200 else len(other)
    return sum(count * often[token] for token, count in Counter(one).items() if often[token] <= most)


def _stretches(one: list[str], other: list[str]) -> Iterator[tuple[str, str, str]]:
    """What is the same and what differs in two lists of tokens: (same or changed, the earlier text, the later)."""
    # In short texts every word counts; in long ones the most frequent ("the", ",") would only cost time.
    matcher = SequenceMatcher(None, one, other, autojunk=max(len(one), len(other)) > _LONG)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        same = SAME if kind == "equal" else GONE
        yield same, "".join(one[start:end]), "".join(other[other_start:other_end])


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if text:
        pieces.append(Piece(kind, text))


def _words(before: str, after: str, effort: int) -> tuple[list[Piece], int]:
    """Two stretches compared word by word, unless they have too little in common, or are too long for it; and how
    much effort is left."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    needed = _pairs(one, other)
    if max(len(one), len(other)) <= _MOST_TOKENS and needed <= effort:
        effort -= needed
        for kind, gone, new in _stretches(one, other):
            _add(pieces, kind, gone)
            _add(pieces, NEW, "" if kind == SAME else new)
        pieces = _joined(pieces)
    kept = sum(len("".join(p.text.split())) for p in pieces if p.kind == SAME)
    letters = len("".join(before.split())) + len("".join(after.split()))
    if not pieces or kept * 200 < letters * _ALIKE:
        return [Piece(GONE, before), Piece(NEW, after)], effort
    return pieces, effort


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
