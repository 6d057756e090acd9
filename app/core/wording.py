"""What changed between two wordings of a text, word by word, in every script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"

# Scripts written without spaces are compared character by character: Thai to Khmer, Chinese, Japanese.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"\s+|[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+|[^\w\s]")
# Past this, every word is too many: whole lines are compared.
_MOST_TOKENS = 4000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both wordings (``same``), only in the earlier (``gone``) or the later (``new``)."""

    kind: str
    text: str


def _tokens(text: str, by_line: bool) -> list[str]:
    return text.splitlines(keepends=True) if by_line else _TOKEN.findall(text)


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if text:
        pieces.append(Piece(kind, text))


def compare_wordings(before: str, after: str) -> list[Piece]:
    """The pieces of both wordings in order: without the new ones they give ``before``, without the gone ``after``.

    >>> [(p.kind, p.text) for p in compare_wordings("We write plain words.", "We use plain words.")]
    [('same', 'We '), ('gone', 'write'), ('new', 'use'), ('same', ' plain words.')]
    """
    by_line = max(len(before), len(after)) > 60_000
    one, other = _tokens(before, by_line), _tokens(after, by_line)
    if not by_line and max(len(one), len(other)) > _MOST_TOKENS:
        one, other = _tokens(before, True), _tokens(after, True)
    # In short texts every word counts; in long ones the most frequent ("the", ",") would only cost time.
    matcher = SequenceMatcher(None, one, other, autojunk=max(len(one), len(other)) > 800)
    pieces: list[Piece] = []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            _add(pieces, SAME, "".join(one[start:end]))
        else:
            _add(pieces, GONE, "".join(one[start:end]))
            _add(pieces, NEW, "".join(other[other_start:other_end]))
    return _joined(pieces)


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
