"""Finding a code by any word, in any language: labels and everyday terms through the one analyser."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.core.text import Term, analyse, fold, query_terms
from app.features.vocabularies.queries import languages
from app.features.vocabularies.queries.files import LANGUAGES, base, read, written_in
from app.features.vocabularies.queries.labels import Option, codes, label, option

_FOLDERS = {
    "subject": ("isced_f", "terms"),
    "level": ("isced_levels", "level_terms"),
    "institution_type": ("institution_types",),
    "cefr": ("cefr",),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say a code in one language; ``term``: an everyday word instead of the official label."""

    code: str
    language: str
    spelling: str
    folded: str
    term: bool


class PhraseIndex:
    """Every phrase of a scheme by its tokens, in order, so that a beginning is found by bisection."""

    def __init__(self, phrases: Iterator[tuple[str, str, str, bool]]) -> None:
        self.phrases: list[Phrase] = []
        by_token: dict[str, set[int]] = {}
        for code, language, text, term in phrases:
            number = len(self.phrases)
            self.phrases.append(Phrase(code, language, text.casefold(), fold(text).strip(), term))
            for token in analyse(text):
                by_token.setdefault(token, set()).add(number)
        self.tokens = sorted(by_token)
        self.postings = [by_token[token] for token in self.tokens]

    def having(self, term: Term) -> set[int]:
        """The numbers of the phrases that have a term."""
        found: set[int] = set()
        for at in range(bisect_left(self.tokens, term.token), len(self.tokens)):
            token = self.tokens[at]
            if not token.startswith(term.token) or (not term.prefix and token != term.token):
                break
            found |= self.postings[at]
        return found


def _file_phrases(folder: str) -> Iterator[tuple[str, str, str, bool]]:
    for language in written_in(folder):
        for code, value in read(f"{folder}/{language}").items():
            for text in [value] if isinstance(value, str) else value:
                yield code, language, text, folder.endswith("terms")


def _phrases(scheme: str) -> Iterator[tuple[str, str, str, bool]]:
    for folder in _FOLDERS.get(scheme, ()):
        yield from _file_phrases(folder)
    for code in codes(scheme):
        yield code, "", code, True
        if scheme not in _FOLDERS:
            for language in LANGUAGES:
                yield code, language, label(scheme, code, language), False
        if scheme == "language":
            yield code, code, languages.autonym(code), False


@cache
def _index(scheme: str) -> PhraseIndex:
    return PhraseIndex(_phrases(scheme))


def _rank(phrase: Phrase, spelling: str, asked: str, locale: str) -> tuple[int, ...]:
    """Smaller is better: the whole phrase (accents alike: "collège" is no "college"), its beginning, anything;
    the reader's language, or a language's own name ("kisw" is Kiswahili before siSwati); the shorter phrase."""
    fit = 1 if phrase.folded == asked else 2 if phrase.folded.startswith(asked) else 3
    near = phrase.language in (locale, phrase.code)
    return (0 if phrase.spelling == spelling else fit, not near, len(phrase.folded), phrase.term)


def _residual(scheme: str, code: str) -> bool:
    """Whether this is one of ISCED-F's leftovers ("not further defined"), which nobody says they teach."""
    return scheme == "subject" and len(code) > 2 and code[-1] in "089"


def search(scheme: str, text: str, locale: str, limit: int = 12) -> list[Option]:
    """The codes that any language's labels or terms find, best first; each with its label in the reader's language.

    >>> [search("subject", word, "en")[0].code for word in ("maths", "mathématiques", "رياضيات", "hisabati")]
    ['0541', '0541', '0541', '0541']
    """
    terms = query_terms(text[:200])
    if not terms:
        return []
    index, locale, asked = _index(scheme), base(locale), fold(text).strip()
    spelling = text.casefold().strip()
    numbers = set.intersection(*(index.having(term) for term in terms))
    best: dict[str, tuple[int, ...]] = {}
    for number in numbers:
        phrase = index.phrases[number]
        rank = _rank(phrase, spelling, asked, locale)
        best[phrase.code] = min(best.get(phrase.code, rank), rank)
    order = sorted(best, key=lambda code: (best[code][0] > 1 and _residual(scheme, code), best[code], -len(code), code))
    alike: dict[tuple[str, str], Option] = {}
    for code in order:
        if len(alike) == limit:
            break
        found = option(scheme, code, locale)
        # A leftover field and its only detailed field are named alike; to who chooses they are one.
        alike.setdefault((found.label, found.detail), found)
    return list(alike.values())


def find_exact(scheme: str, text: str) -> str | None:
    """The code that ``text`` is a whole label or term of, in any language; None where it is none.

    >>> find_exact("subject", "Maths"), find_exact("subject", "mat")
    ('0541', None)
    """
    asked = fold(text).strip()
    terms = query_terms(text[:200])
    if not terms:
        return None
    index = _index(scheme)
    numbers = set.intersection(*(index.having(term) for term in terms))
    whole = [phrase for number in numbers if (phrase := index.phrases[number]).folded == asked]
    return min(whole, key=lambda phrase: (-len(phrase.code), phrase.code)).code if whole else None
