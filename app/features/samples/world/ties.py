"""Who knows whom already, and who has asked whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from app.features.samples.world.shapes import SampleConnection, SampleIntroduction, SamplePerson
from app.features.samples.world.sources import HUBS
from app.features.samples.world.speech import write_note

_REASONS = ("no_time", "no_time", "other_subject", "other_language", "already_in_touch")
_EXPIRES = 30
"""Days after which an unanswered introduction expires."""


class Acquaintance:
    """Finds plausible partners: a language both work in, and where possible a related subject."""

    def __init__(self, people: Sequence[SamplePerson]) -> None:
        self._by_language: dict[str, list[SamplePerson]] = defaultdict(list)
        self._families = {person.handle: {code[:2] for code in person.subjects} for person in people}
        for person in people:
            for tag in working_hubs(person):
                self._by_language[tag].append(person)

    def find(self, rng: Random, person: SamplePerson, taken: set[frozenset[str]]) -> tuple[SamplePerson, str] | None:
        """Somebody not yet tied to them, and the language between the two."""
        hubs = working_hubs(person)
        fallback: tuple[SamplePerson, str] | None = None
        for _ in range(8):
            tag = rng.choice(hubs)
            other = rng.choice(self._by_language[tag])
            if other.handle == person.handle or frozenset((person.handle, other.handle)) in taken:
                continue
            if self._families[person.handle] & self._families[other.handle]:
                return other, tag
            fallback = other, tag
        return fallback


def working_hubs(person: SamplePerson) -> list[str]:
    """Widely spoken languages the person works in at B2 or better."""
    return [lang.tag for lang in person.languages if lang.tag in HUBS and lang.cefr >= 4]


def make_ties(rng: Random, people: Sequence[SamplePerson]) -> tuple[list[SampleConnection], list[SampleIntroduction]]:
    """Connections, and introductions in every state; an accepted one is a connection, too."""
    acquaintance = Acquaintance(people)
    taken: set[frozenset[str]] = set()
    connections: list[SampleConnection] = []
    for person in people:
        for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3))):
            found = acquaintance.find(rng, person, taken)
            if found:
                taken.add(frozenset((person.handle, found[0].handle)))
                connections.append(SampleConnection(person.handle, found[0].handle, rng.randint(1, 700)))
    introductions = _introductions(rng, people, acquaintance, taken)
    connections.extend(
        SampleConnection(one.sender, one.receiver, max(0, one.days_ago - rng.randint(0, 6)))
        for one in introductions
        if one.state == "accepted"
    )
    return connections, introductions


def _introductions(
    rng: Random, people: Sequence[SamplePerson], acquaintance: Acquaintance, taken: set[frozenset[str]]
) -> list[SampleIntroduction]:
    pending: dict[str, int] = defaultdict(int)
    found: list[SampleIntroduction] = []
    for person in people:
        if rng.random() > 0.3:
            continue
        partner = acquaintance.find(rng, person, taken)
        if partner is None:
            continue
        other, lang = partner
        state = rng.choices(("pending", "accepted", "declined", "expired"), (40, 30, 15, 15))[0]
        if state == "pending":
            room = other.availability if other.availability is not None else 3
            if pending[other.handle] >= room or not other.suggested:
                continue
            pending[other.handle] += 1
        taken.add(frozenset((person.handle, other.handle)))
        days = rng.randint(0, _EXPIRES - 2) if state == "pending" else rng.randint(_EXPIRES + 1, 360)
        found.append(
            SampleIntroduction(
                sender=person.handle,
                receiver=other.handle,
                note=write_note(rng, lang),
                note_lang=lang,
                state=state,
                reason=rng.choice(_REASONS) if state == "declined" else None,
                days_ago=days,
            )
        )
    return found
