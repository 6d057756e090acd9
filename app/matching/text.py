"""Interests as character n-grams, which work for every script and need no dictionary."""

import re
import unicodedata
from functools import lru_cache
from zlib import crc32

GRAM_SPACE = 1 << 15
"""N-grams are hashed to so many features; two in one feature are told apart by the others of their word."""

_LONGEST = 4000  # characters read of a text: a page of interests says no more than its beginning
_MOST_WORDS = 200
_WORD = re.compile(r"[^\W_]+")
# What Arabic and Hebrew may be written with or without: vowel points, stretching, and the joiners of other scripts.
_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)


def normalise(text: str) -> str:
    """Fold what only looks different: compatibility forms (NFKC) and case.

    >>> normalise("Ｓtraße ")
    'strasse'
    """
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def words(text: str) -> tuple[str, ...]:
    """Return the distinct words of `text` in their order; of a very long text, those of its beginning.

    >>> words("Story-telling, STORY games 故事")
    ('story', 'telling', 'games', '故事')
    >>> words("हिन्दी में पाठ्यपुस्तक, عِلْم")
    ('हिन्दी', 'में', 'पाठ्यपुस्तक', 'علم')
    """
    folded = _spelled(normalise(text[:_LONGEST]))
    found = _WORD.findall(folded) if folded.isascii() else folded.split()
    return tuple(dict.fromkeys(found))[:_MOST_WORDS]


def _spelled(text: str) -> str:
    """Return `text` with spaces for what is neither letter, digit nor mark, and without optional vowel points.

    The vowel signs of Hindi or Thai are marks and belong to their word, which no class of a regular expression says.
    """
    if text.isascii():
        return text
    return "".join(map(_kept, _POINTS.sub("", text)))


@lru_cache(maxsize=1 << 14)
def _kept(character: str) -> str:
    return character if character.isalnum() or unicodedata.category(character).startswith("M") else " "


@lru_cache(maxsize=1 << 16)
def word_grams(word: str) -> tuple[int, ...]:
    """Return the features of a word's n-grams.

    Four letters of a word with its edges marked; pairs of signs where words are written without spaces between them.

    >>> len(word_grams("games")), len(word_grams("art")), len(word_grams("发展教育"))
    (4, 2, 3)
    """
    if _UNSPACED.search(word):
        grams = [word[i : i + 2] for i in range(max(1, len(word) - 1))]
    else:
        edged = f"<{word}>"
        grams = [edged[i : i + 4] for i in range(max(1, len(edged) - 3))]
    return tuple(dict.fromkeys(crc32(gram.encode("utf-8", "surrogatepass")) % GRAM_SPACE for gram in grams))


def grams(text: str) -> set[int]:
    """Return the features of all n-grams of `text`.

    >>> grams("games") < grams("Games, art")
    True
    >>> grams("")
    set()
    """
    return set().union(*map(word_grams, words(text)))
