"""What people wrote, checked: not empty, not too long, in a language that is one."""

from __future__ import annotations

from app.core.cleaning import clean_text
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.vocabularies.queries import normalise_language


def check_text(field: str, text: str, lang: str | None, longest: int, shortest: int = 1) -> tuple[str, str | None]:
    """A text of someone and its language, cleaned; raises `Invalid` beside ``field`` or ``lang``."""
    wrong: dict[str, Text] = {}
    text = clean_text(text)
    if not text and shortest:
        wrong[field] = Text(N_("Please write something."))
    elif len(text) < shortest:
        wrong[field] = Text(N_("Please write a little more: at least %(limit)s characters."), {"limit": shortest})
    elif len(text) > longest:
        values = {"length": len(text), "limit": longest}
        wrong[field] = Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)
    tag = normalise_language(lang) if lang else None
    if lang and tag is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    if wrong:
        raise Invalid(wrong)
    return text, tag
