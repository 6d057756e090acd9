"""Which passwords are too easy to guess: common ones in many languages, repetitions, sequences, one's own address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.accounts.services.passwords import LONGEST, SHORTEST, compose

FILE = Path(__file__).parents[1] / "data" / "common_passwords.txt"
SITE = "commonweave"
# Letters that people put digits and signs in the place of.
_DISGUISES = str.maketrans("0134578@$!€", "oieastbasie")
# Rows of keys and letters in their order; read in both directions and round their end.
_ROWS = (
    "0123456789",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ضصثقفغعهخحجد",
    "شسيبلاتنمكط",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "अआइईउऊऋएऐओऔ",
    "कखगघङचछजझञटठडढणतथदधनपफबभम",
    "一二三四五六七八九十",
    "٠١٢٣٤٥٦٧٨٩",
    "१२३४५६७८९०",
)
_SHORTEST_RUN = 3
_LEFT_OVER = 3  # so many letters beside a sequence or a common word do not make it harder to guess
_FEWEST_LETTERS = 5


def check_password(password: str, email: str) -> None:
    """Raise `Invalid` for the field ``password`` unless it is long enough and hard to guess."""
    problem = find_weakness(password, email)
    if problem is not None:
        raise Invalid({"password": problem})


def find_weakness(password: str, email: str = "") -> Text | None:
    """What speaks against a password, in words; None if nothing does.

    >>> find_weakness("seven-calm-rivers-9") is None
    True
    >>> find_weakness("P4ssw0rd1234").key
    'This password is among the first that are guessed. Four words that have nothing to do with each other work well.'
    """
    if len(password) > LONGEST:
        return Text(N_("Please keep the password to %(limit)s characters."), {"limit": LONGEST})
    composed = compose(password)
    if len(composed) < SHORTEST:
        return Text(
            N_("Please use at least %(limit)s characters. A short sentence is easy to remember."), {"limit": SHORTEST}
        )
    folded = composed.casefold()
    if _is_of_address(folded, email.strip().casefold()):
        return Text(N_("This password contains your mail address, which others know."))
    if _is_common(folded):
        return Text(
            N_(
                "This password is among the first that are guessed. "
                "Four words that have nothing to do with each other work well."
            )
        )
    if len(set(folded)) < _FEWEST_LETTERS or _is_repeated(folded) or _is_sequence(folded):
        return Text(
            N_("This password repeats itself or follows a row of letters, numbers or keys. Please mix it more.")
        )
    return None


def _is_of_address(folded: str, email: str) -> bool:
    name, _at, domain = email.partition("@")
    if not email or not name:
        return False
    if email in folded:
        return True
    rest = folded.replace(name, "") if len(name) >= 3 else folded
    if rest != folded and (len(name) >= 6 or len(rest) < SHORTEST - 4):
        return True
    host = domain.split(".")[0]
    return len(host) >= 4 and host in folded and len(folded.replace(host, "").replace(name, "")) < SHORTEST - 6


def _is_repeated(folded: str) -> bool:
    """Whether it is one piece said again and again (the last time perhaps cut off, with a few letters after)."""
    for length in range(1, len(folded) // 2 + 1):
        piece = folded[:length]
        said = length
        while folded.startswith(piece[: max(1, min(length, len(folded) - said))], said) and said < len(folded):
            said = min(len(folded), said + length)
        if said >= 2 * length and said >= len(folded) - min(_LEFT_OVER, length) and length <= SHORTEST - 4:
            return True
    return False


@lru_cache(maxsize=1)
def _rows() -> tuple[str, ...]:
    """Every row round its end, in both directions."""
    return tuple(text for row in _ROWS for text in (row * 2, row[::-1] * 2))


def _runs(text: str) -> Iterator[str]:
    """Cut ``text`` into the longest pieces that follow a row (or stand still), and single letters between them."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[end] == text[start]:
            end += 1
        for row in _rows():
            length = end - start
            while start + length < len(text) and text[start : start + length + 1] in row:
                length += 1
            end = max(end, start + length)
        yield text[start:end]
        start = end


def _is_sequence(folded: str) -> bool:
    """Whether it is hardly more than rows of keys or letters, or a number such as that of a telephone."""
    if _bare(folded).isdigit():
        return True
    alone = sum(len(run) for run in _runs(folded) if len(run) < _SHORTEST_RUN)
    return alone <= _LEFT_OVER


def _bare(text: str) -> str:
    """Without accents, punctuation and spaces; pictures count as letters."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isalnum() or unicodedata.category(c) == "So")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The common passwords of the data file, bare."""
    lines = (line.strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    words = {_bare(line.casefold()) for line in lines if line and not line.startswith("#")}
    return frozenset(words | {SITE}) - {""}


def _is_common(folded: str) -> bool:
    """Whether only digits, signs and a few letters stand round words everybody uses."""
    plain, seen = _bare(folded), _bare(folded.translate(_DISGUISES))
    if plain in _common() or seen in _common():
        return True
    for text in (re.sub(r"\d+", "", plain), seen, re.sub(r"^\d+|\d+$", "", plain).translate(_DISGUISES)):
        left = _without_common(text)
        if left != text and len(left) <= _LEFT_OVER:
            return True
    return False


def _without_common(text: str) -> str:
    """What is left once at most two common words, the longest first, have been taken out.

    Three words in a row are a phrase of one's own again, unless they are the same.
    """
    for _time in range(2):
        longest = max((word for word in _pieces(text) if word in _common()), key=len, default="")
        text = text.replace(longest, "") if longest else text
    return text


def _pieces(text: str) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 4, min(len(text), start + 40) + 1):
            yield text[start:end]
