"""What people write about themselves: bios, interests and notes, in languages they speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from app.features.samples.world.shapes import SampleLanguage
from app.features.samples.world.sources import Phrases, phrases, tags

_JOINED = {"zh": ""}
"""Chinese sentences stand without a space between them."""

_CONTRACTIONS = {"es": ((" de el ", " del "), (" a el ", " al "))}


def choose_languages(rng: Random, languages: Sequence[SampleLanguage], sparse: bool) -> list[str]:
    """One to three languages to write in, the strongest first."""
    known = phrases()
    able = sorted((lang for lang in languages if lang.tag in known and lang.cefr >= 3), key=lambda lang: -lang.cefr)
    fluent = [lang for lang in able if lang.cefr >= 4] or able
    count = 1 if sparse else rng.choice((1, 1, 2, 2, 3))
    return [lang.tag for lang in fluent[:count]]


def write_bios(
    rng: Random, written: Sequence[str], subject: str, level: str, activity: str, sparse: bool
) -> dict[str, str]:
    """The same bio in each language: an opening, and unless it is sparse something of their work and a closing."""
    picks = (rng.random(), rng.random(), rng.random())
    wants_closing = rng.random() < 0.8
    bios: dict[str, str] = {}
    for lang in written:
        words = phrases()[lang]
        sentences = [_opening(words, lang, picks[0], subject, level)]
        if not sparse:
            sentences.append(_pick(words.about[_theme(words, subject, level)], picks[1]))
            if wants_closing:
                sentences.append(_pick(words.closings[activity if picks[2] < 0.75 else "any"], picks[2]))
        bios[lang] = _JOINED.get(lang, " ").join(sentences)
    return bios


def write_interests(rng: Random, written: Sequence[str], subject: str) -> dict[str, str]:
    """Free text on what they care about."""
    key = subject if subject in phrases()["en"].interests and rng.random() < 0.8 else "any"
    count = rng.choice((2, 3, 4))
    return {lang: _shorten(lang, phrases()[lang].interests[key][0], count) for lang in written}


def choose_tags(rng: Random, written: Sequence[str]) -> tuple[str, ...]:
    """Up to four short tags in the languages they write in."""
    pool = [tag for lang in written[:2] for tag in tags()[lang]]
    return tuple(sorted(rng.sample(pool, k=min(len(pool), rng.randint(1, 4)))))


def write_note(rng: Random, lang: str) -> str:
    """What stands in a request for contact."""
    return rng.choice(phrases()[lang].notes)


def name_subject(lang: str, subject: str) -> str:
    """The subject as it stands in a sentence of that language."""
    return phrases()[lang].subjects[subject]


def _opening(words: Phrases, lang: str, pick: float, subject: str, level: str) -> str:
    phrase = words.subjects[subject]
    sentence = _pick(words.openings, pick)
    sentence = sentence.replace("{subject^}", phrase[:1].upper() + phrase[1:])
    sentence = sentence.replace("{subject}", phrase).replace("{learners}", words.learners[level])
    for long, short in _CONTRACTIONS.get(lang, ()):
        sentence = sentence.replace(long, short)
    return sentence


def _theme(words: Phrases, subject: str, level: str) -> str:
    """Sentences on lessons in a subject are about schools; whoever lectures says something more general."""
    lectures = level in {"6", "7", "8"} and not subject.startswith("01")
    return subject if subject in words.about and not lectures else "any"


def _pick(lines: Sequence[str], share: float) -> str:
    """The line at that share of the list, so that one draw means the same line in every language."""
    return lines[int(share * len(lines))]


_SEPARATORS: Mapping[str, str] = {"zh": "、", "ar": "، "}


def _shorten(lang: str, text: str, count: int) -> str:
    separator = _SEPARATORS.get(lang, ", ")
    return separator.join(text.split(separator)[:count])
