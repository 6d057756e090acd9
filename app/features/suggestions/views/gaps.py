"""What would bring more and whom, each with the way to do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.features.profiles.views.editing import section_address
from app.features.suggestions.views.asking import Asking
from app.matching.query import Gap, Message

# In which section of the profile one says what a gap asks for.
_SECTIONS = {
    "language": "languages",
    "subject": "teaching",
    "level": "teaching",
    "country": "place",
    "need": "exchange",
}


def gap_lines(
    asking: Asking,
    gaps: Iterable[Gap],
    may_change: bool,
    say: Callable[[Message], str],
    whom: Callable[[Gap], list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """The gaps of a list as its page shows them: a button that changes the profile, or the section where it is said."""
    return [
        {
            "text": say(gap.message),
            "who": whom(gap),
            "fields": {**dict(gap.change), **asking.link} if gap.change and may_change else None,
            "href": _said_at(asking, gap) if may_change else None,
        }
        for gap in gaps
    ]


def _said_at(asking: Asking, gap: Gap) -> str | None:
    section = _SECTIONS.get(gap.message.key.rpartition(".say.")[2])
    return section_address(asking.profile, section) if section else None
