"""A person's own words in a mail: without what they quote, the line that introduces it, and their signature."""

from __future__ import annotations

import re

_LONGEST_INTRODUCTION = 400
_QUOTE = re.compile(r"\s{0,3}(?:>|›|\|\s)")
_SIGNATURE = re.compile(r"--\s?")
_END = r"\s?[:：]"
# How mail programs introduce what they quote, in the languages people here write.
_INTRODUCTIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"On .{{5,300}} wrote{_END}",
        rf"Le .{{5,300}} a écrit{_END}",
        rf"El .{{5,300}} escribió{_END}",
        rf"(?:Em|A|No dia) .{{5,300}} escreveu{_END}",
        rf"Am .{{5,300}} schrieb.{{0,150}}{_END}",
        rf"Il .{{5,300}} ha scritto{_END}",
        rf"Op .{{5,300}} schreef.{{0,150}}{_END}",
        rf"(?:في|بتاريخ|يوم) .{{5,300}}(?:كتب|كتبت|كتب/ت).{{0,150}}{_END}",
        rf".{{5,300}}(?:пишет|написал|писал)\S{{0,5}}{_END}",
        rf".{{4,300}}(?:写道|寫道){_END}",
        rf".{{5,300}}(?:ने लिखा|aliandika|ameandika|yazdı|napisał\(a\)|skrev|kirjoitti|írta){_END}",
    )
)
_TIME, _ADDRESS = re.compile(r"\d{1,2}[:.h]\d{2}"), re.compile(r"\S@\S+\.\S")
_ORIGINAL = re.compile(
    r"(?<!-)-{3,}\s*(?:Original Message|Message d'origine|Message original|Mensaje original|Mensagem original|"
    r"Ursprüngliche Nachricht|Исходное сообщение|Пересылаемое сообщение|الرسالة الأصلية|原始邮件|原始郵件|"
    r"Messaggio originale|Oorspronkelijk bericht|Forwarded message|मूल संदेश)\s*-{3,}",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?(?:From|De|Von|Da|Van|От|من|发件人|寄件者|Kutoka|प्रेषक)\s?[:：]\*?\s*\S", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(?:Sent|Date|Envoyé|Enviado|Fecha|Data|Gesendet|Datum|Inviato|Verzonden|Отправлено|Дата|"
    r"تاريخ الإرسال|تم الإرسال|التاريخ|发送时间|日期|寄件日期|To|À|Para|An|Кому|إلى|收件人)\s?[:：]",
    re.IGNORECASE,
)


def unflow(text: str, without_space: bool = False) -> str:
    """Text of ``format=flowed`` (RFC 3676) with its paragraphs in one line each.

    >>> unflow("A long \\nline\\n> quoted \\n> text\\n")
    'A long line\\n> quoted text'
    """
    done: list[str] = []
    depth_before, open_line = 0, False
    for raw in text.splitlines():
        words = raw.lstrip(">")
        depth = len(raw) - len(words)
        words = words.removeprefix(" ")
        flowed = words.endswith(" ") and words != "-- "
        piece = words[:-1] if flowed and without_space else words
        if open_line and depth == depth_before and words != "-- ":
            done[-1] += piece
        else:
            done.append(f"{'>' * depth} {piece}" if depth else piece)
        open_line, depth_before = flowed, depth
    return "\n".join(done)


def _introduction(lines: list[str], start: int) -> int:
    """How many lines from ``start`` on introduce a quotation: programs break them at any place; 0 for none."""
    joined = ""
    for count in range(1, 4):
        if start + count > len(lines) or not lines[start + count - 1].strip():
            return 0
        joined = f"{joined} {lines[start + count - 1].strip()}".strip()
        if len(joined) > _LONGEST_INTRODUCTION:
            return 0
        if not joined.endswith((":", "：")):
            continue
        # In any language: a time and an address before a colon.
        if any(pattern.fullmatch(joined) for pattern in _INTRODUCTIONS):
            return count
        if _TIME.search(joined) and _ADDRESS.search(joined):
            return count
    return 0


def _begins_original(lines: list[str], number: int) -> bool:
    """Whether the head of another message begins here, as Outlook and others write it above what they quote."""
    # A head is short; lines of a hundred thousand dashes are somebody's joke.
    if len(lines[number]) > _LONGEST_INTRODUCTION:
        return False
    if _ORIGINAL.search(lines[number]):
        return True
    return bool(_FROM.match(lines[number])) and any(_SENT.match(line) for line in lines[number + 1 : number + 4])


def own_words(text: str) -> str:
    """What is left when quotations and signature are cut.

    >>> own_words("Yes.\\n\\nOn Mon, 3 Mar 2025 at 10:00, Amina wrote:\\n> Would you?\\n-- \\nBela")
    'Yes.'
    """
    lines = text.splitlines()
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number].strip("\u200b\u200e\u200f\ufeff")
        if _SIGNATURE.fullmatch(line) or _begins_original(lines, number):
            break
        count = _introduction(lines, number)
        if count:
            rest = next((line for line in lines[number + count :] if line.strip()), None)
            if rest is None or _QUOTE.match(rest):
                number += count
                continue
        if not _QUOTE.match(line):
            kept.append(line)
        number += 1
    while kept and re.fullmatch(r"[_\s]*", kept[-1]):
        kept.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
