"""Cleaning what people type: the same for pages, the API and commands."""

from __future__ import annotations

import re
import unicodedata

# Marks that turn the direction of what follows can disguise a name. Zero-width joiners stay: scripts need them.
_DIRECTION = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff"))

# What leaves no trace on the page: two names that differ in it look the same, and a name of nothing else like none.
_UNSEEN = _DIRECTION | dict.fromkeys(
    map(
        ord,
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u3164\uffa0"
        "\u2060\u2061\u2062\u2063\u2064\u2065\u206a\u206b\u206c\u206d\u206e\u206f\ufff9\ufffa\ufffb",
    )
)
# Joiners after a letter of a script that joins nothing: Latin, Greek, Cyrillic, Armenian.
_IDLE_JOINERS = re.compile("(?<![\u0300-\u036f\u0590-\U0010ffff])[\u200c\u200d]+")

# More accents on one letter than any writing has: they stand on the lines above and below.
_STACKED = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")

# All control characters (category Cc), and those that have no place in a text of several lines.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_line(text: str | None) -> str:
    """One line of text: composed, without control and direction marks and what nobody sees, spaces folded.

    >>> clean_line(" Ada\\u202e  Love\\u200blace ")
    'Ada Lovelace'
    """
    folded = " ".join(_CONTROL.sub(" ", (text or "").translate(_UNSEEN)).split())
    joined = _IDLE_JOINERS.sub("", unicodedata.normalize("NFC", folded))
    # Composed once more: what stood between a letter and its accent is gone by now.
    return _STACKED.sub(r"\1", unicodedata.normalize("NFC", " ".join(joined.split())))


def clean_text(text: str | None) -> str:
    """Text of several lines: composed, line ends unified, without other control and direction marks."""
    unified = (text or "").translate(_DIRECTION).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL_IN_TEXT.sub("", unified)).strip()
