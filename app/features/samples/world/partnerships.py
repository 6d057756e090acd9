"""Projects in which made-up institutions worked together: a small history, so that its reasons can be seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from app.features.samples.world.shapes import SampleInstitution, SampleProject

PROGRAMMES = (
    "Shared Textbooks (sample)",
    "Teachers Across Borders (sample)",
    "Small Languages (sample)",
    "Open Laboratories (sample)",
)
_FIRST, _LAST = 1500, 45  # days ago
_MEMBERS = (2, 3, 3, 4, 4, 5, 6)
_AGAIN = 0.6


def make_projects(rng: Random, institutions: Sequence[SampleInstitution]) -> tuple[SampleProject, ...]:
    """About as many projects as there are made-up institutions; every sixth of these has no history at all.

    Whoever leads one asks first those they know, then those who share a language: so partners have partners in common.
    """
    able = [one for number, one in enumerate(one for one in institutions if one.made_up) if number % 6]
    known: dict[str, list[SampleInstitution]] = {one.slug: [] for one in able}
    found: list[SampleProject] = []
    for number in range(len(able)):
        lead = able[number]
        members = [lead]
        for _ in range(rng.choice(_MEMBERS) - 1):
            partner = _partner(rng, able, known, members)
            if partner is not None:
                members.append(partner)
        if len(members) < 2:
            continue
        for one in members:
            known[one.slug] += [other for other in members if other is not one and other not in known[one.slug]]
        programme = PROGRAMMES[(number + rng.randrange(2)) % len(PROGRAMMES)]
        days = _FIRST - (_FIRST - _LAST) * number // len(able)
        found.append(SampleProject(f"sample-{number + 1:04d}", programme, days, tuple(one.slug for one in members)))
    return tuple(found)


def _partner(
    rng: Random,
    able: Sequence[SampleInstitution],
    known: dict[str, list[SampleInstitution]],
    members: Sequence[SampleInstitution],
) -> SampleInstitution | None:
    """Somebody new to the project: known to one of its members, or one who shares a language with its lead."""
    friends = [other for one in members for other in known[one.slug] if other not in members]
    if friends and rng.random() < _AGAIN:
        return rng.choice(friends)
    tongues = set(members[0].languages)
    others = [one for one in able if one not in members and tongues & set(one.languages)]
    return rng.choice(others) if others else None
