"""What the answer leaves out, and why: nothing is hidden in silence, and nobody is given away by it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.features.profiles.policies import is_member
from app.features.profiles.queries.directory.conditions import PART_OF
from app.features.profiles.queries.directory.filters import Filters
from app.features.profiles.queries.directory.paging import count_found
from app.features.profiles.queries.directory.seeing import Looker

# A count of people who show a part to members only is told in steps, so that no one person can be read from it.
STEP = 5


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many more there would be: without the language filter, without its lowest level, and for a member.

    ``members`` is rounded down to steps of `STEP`; ``closed`` says that some may be out of sight, however many.
    """

    language: int = 0
    proficiency: int = 0
    members: int = 0
    closed: bool = False


def count_hidden(session: Session, looker: Looker, filters: Filters, total: int) -> Hidden:
    """Count what is left out by the language filter and by what people show to members only.

    With words the second is not counted: "somebody of this name is here" would already tell what they keep closed.
    """
    language = proficiency = members = 0
    if filters.language:
        language = count_found(session, looker, filters.without("language")) - total
        if filters.at_least > 1:
            proficiency = count_found(session, looker, replace(filters, at_least=1)) - total
    closed = not is_member(looker.actor) and bool(filters.text or any(filters.codes(name) for name in PART_OF))
    if closed and not filters.text:
        as_member = replace(looker, to_strangers=looker.to_strangers | {"members"})
        members = (count_found(session, as_member, filters) - total) // STEP * STEP
    return Hidden(language, proficiency, members, closed)
