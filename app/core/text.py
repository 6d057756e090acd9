"""The text analyser: what counts as the same word, for both databases and for every script.

`fold` makes alike what people type differently; `analyse` gives the tokens under which a text is found;
`query_terms` gives what a question asks for. Both databases are handed these tokens and cut nothing by themselves.

Languages written without spaces are cut into overlapping pieces: two characters for Chinese, Japanese and Korean,
three for Thai, Lao, Khmer and Burmese. The pieces at the end of a run get shorter down to one character, so that a
question shorter than a piece is found as the beginning of one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

LONGEST = 60  # characters of a token: longer ones are noise, and PostgreSQL refuses very long lexemes
MOST_TERMS = 12

# Marks that are left out when people type: accents, vowel points of Hebrew and Arabic, dots below Indic letters.
_DROPPED = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E8),
    (0x06EA, 0x06ED),
    (0x093C, 0x093C),
    (0x09BC, 0x09BC),
    (0x0A3C, 0x0A3C),
    (0x0ABC, 0x0ABC),
    (0x0B3C, 0x0B3C),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)
# Letters that no decomposition makes plain, and those that are written one for the other.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t",
    "ŋ": "n", "ɲ": "n", "ɛ": "e", "ɔ": "o", "ə": "e", "ǝ": "e", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ƴ": "y",
    "ɣ": "g", "ʋ": "v", "ɩ": "i", "ʊ": "u", "ƒ": "f", "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "",
    "і": "и", "ґ": "г", "ӏ": "",
    "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "گ": "ك", "ہ": "ه", "ھ": "ه", "ۃ": "ه", "ە": "ه",
    "ँ": "ं",
}  # fmt: skip


class _FoldTable(dict[int, Any]):
    """How `fold` maps a character of decomposed text; filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        if char in _LETTERS:
            to: str | None = _LETTERS[char]
        elif any(low <= code <= high for low, high in _DROPPED) or unicodedata.category(char) in ("Cf", "Cs"):
            to = None
        else:
            digit = unicodedata.decimal(char, None)
            to = char if digit is None else str(digit)
        self[code] = to
        return to


class _WordTable(dict[int, Any]):
    """Keeps letters, marks and numbers; everything else parts words."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        to = char if unicodedata.category(char)[0] in "LMN" else " "
        self[code] = to
        return to


_fold_table = _FoldTable()
_word_table = _WordTable()


def fold(text: str) -> str:
    """The form in which texts are compared: folding a folded text changes nothing.

    >>> fold("Mathématiques"), fold("Straße"), fold("ＡＢＣ"), fold("٢٠٢٦")
    ('mathematiques', 'strasse', 'abc', '2026')
    >>> fold("الإِدَارَة") == fold("الاداره")
    True
    """
    if text.isascii():
        return text.lower()
    before = ""
    # One round is nearly always enough; a few rare letters only show what they are made of after the first.
    while text != before:
        before = text
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_fold_table))
    return text


def _piece(char: str) -> int:
    """How many characters a piece of this character's script has; 0 for scripts that part words with spaces."""
    code = ord(char)
    if code < 0x0E00:
        return 0
    if code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF or 0xAA60 <= code <= 0xAA7F:
        return 3
    if (
        0x3005 <= code <= 0x3007
        or 0x3040 <= code <= 0x30FF
        or 0x31F0 <= code <= 0x31FF
        or 0x3400 <= code <= 0x9FFF
        or 0xAC00 <= code <= 0xD7AF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x323AF
    ):
        return 2
    return 0


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The words of a text and, in scripts without spaces, its runs of characters: (piece length or 0, run)."""
    for chunk in fold(text).translate(_word_table).split():
        if chunk.isascii() or max(chunk) < "\u0e00":
            yield 0, chunk
        else:
            for size, run in groupby(chunk, _piece):
                yield size, "".join(run)


def _word(word: str) -> str:
    """A word without the Arabic article, which is written together with it.

    >>> _word("الرياضيات") == _word("رياضيات") == _word("والرياضيات")
    True
    """
    for article in ("وال", "ال"):
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word[len(article) :]
            break
    return word[:LONGEST]


@lru_cache(maxsize=32)
def _stemmer(language: str | None) -> Any:
    """The stemmer of a language, or None where there is none."""
    if not language:
        return None
    import snowballstemmer

    name = _STEMMERS.get(language.split("-")[0].lower())
    return snowballstemmer.stemmer(name) if name else None


_STEMMERS = {
    "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nl": "dutch", "nb": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip


# The same words come again and again, and working out a stem takes longer than all the rest of the analysis.
@lru_cache(maxsize=20_000)
def stem(word: str, language: str | None) -> str:
    """The stem of a folded word in a language; the word itself where its language has no stemmer."""
    stemmer = _stemmer(language)
    return fold(stemmer.stemWord(word))[:LONGEST] if stemmer else word


def analyse(text: str, language: str | None = None) -> list[str]:
    """The tokens under which a text is found, in its order; with ``language`` also the stems of its words.

    >>> analyse("L’école d'Été, 2026")
    ['l', 'ecole', 'd', 'ete', '2026']
    >>> analyse("教育发展")
    ['教育', '育发', '发展', '展']
    >>> analyse("हिन्दी की पढ़ाई")
    ['हिन्दी', 'की', 'पढाई']
    >>> analyse("teachers", "en")
    ['teachers', 'teacher']
    """
    tokens: list[str] = []
    for size, run in _runs(text):
        if size:
            tokens += [run[at : at + size] for at in range(len(run))]
        elif word := _word(run):
            tokens.append(word)
            if language and (root := stem(word, language)) != word and root:
                tokens.append(root)
    return tokens


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a question asks for: a token, whether it may be the beginning of one, and its stem, if another."""

    token: str
    prefix: bool
    stem: str | None = None

    def matches(self, tokens: set[str]) -> bool:
        """Whether a text with these tokens has it."""
        if self.token in tokens or (self.stem is not None and self.stem in tokens):
            return True
        return self.prefix and any(token.startswith(self.token) for token in tokens)


def query_terms(text: str, language: str | None = None) -> list[Term]:
    """What a question asks for, each once; all of them must be found.

    Words are found by their beginning, so that "math" finds "mathematics"; pieces of a run as they stand.

    >>> [t.token for t in query_terms("发展")], [(t.token, t.prefix) for t in query_terms("数")]
    (['发展'], [('数', True)])
    """
    terms: dict[str, Term] = {}
    for size, run in _runs(text):
        if not size:
            word = _word(run)
            root = stem(word, language) if language else word
            terms.setdefault(word, Term(word, len(word) > 1, root if root not in (word, "") else None))
        elif len(run) < size:
            terms.setdefault(run, Term(run, True))
        else:
            for at in range(len(run) - size + 1):
                piece = run[at : at + size]
                terms.setdefault(piece, Term(piece, False))
    terms.pop("", None)
    return list(terms.values())[:MOST_TERMS]
