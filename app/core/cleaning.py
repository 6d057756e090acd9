"""Cleaning what people type: the same for pages, the API and commands."""

from __future__ import annotations

import re
import unicodedata

# Marks that turn the direction of what follows can disguise a name. Zero-width joiners stay: scripts need them.
_DIRECTION = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff"))

# All control characters (category Cc), and those that have no place in a text of several lines.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_line(text: str | None) -> str:
    """One line of text: composed, without control and direction marks, spaces folded.

    >>> clean_line(" Ada\\u202e  Lovelace ")
    'Ada Lovelace'
    """
    composed = unicodedata.normalize("NFC", text or "").translate(_DIRECTION)
    return " ".join(_CONTROL.sub(" ", composed).split())


def clean_text(text: str | None) -> str:
    """Text of several lines: composed, line ends unified, without other control and direction marks."""
    composed = unicodedata.normalize("NFC", text or "").translate(_DIRECTION)
    unified = composed.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL_IN_TEXT.sub("", unified).strip()
