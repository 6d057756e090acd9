"""Who takes part in which community of a sample world: those who speak for it, and those who read along."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from app.features.samples.world.shapes import NATIVE, SampleInstitution, SamplePerson

FLUENT, ABLE, READS = 5, 4, 3
# Of the sample people so many belong somewhere, most of them to more than one community.
BELONG = 0.7
HOW_MANY = (1, 1, 2, 2, 3)


def level_of(person: SamplePerson, lang: str) -> int:
    """How well a person has a language, of whatever region: 0 is not at all."""
    base = lang.partition("-")[0]
    return max((one.cefr for one in person.languages if one.tag.partition("-")[0] == base), default=0)


def fit_of(person: SamplePerson, facets: Mapping[str, Sequence[str]]) -> float:
    """How well a person goes with a community's subjects, levels, languages and places."""
    subjects = facets.get("subject", ())
    fit = 3.0 if set(subjects) & set(person.subjects) else 0.0
    fit = fit or (1.5 if {code[:2] for code in subjects} & {code[:2] for code in person.subjects} else 0.0)
    fit += 1.0 if set(facets.get("level", ())) & set(person.levels) else 0.0
    fit += 2.0 if person.country in facets.get("place", ()) else 0.0
    fit += max((level_of(person, tag) for tag in facets.get("language", ())), default=0) / 4
    return fit


def voice_language(voice: str) -> str:
    """The language of a voice: its name without the number.

    >>> voice_language("fr2")
    'fr'
    """
    return voice.rstrip("0123456789")


class Casting:
    """Gives every voice in the written communities to a person who has its language; spreads the work."""

    def __init__(self, rng: Random, people: Sequence[SamplePerson], institutions: Sequence[SampleInstitution]) -> None:
        self.rng, self.people = rng, people
        self.by_handle = {person.handle: person for person in people}
        self.institutions = [one for one in institutions if one.made_up and one.delegates]
        self.used: Counter[str] = Counter()

    def cast(self, spec: Mapping[str, Any], voices: Iterable[str]) -> dict[str, str]:
        """Voice to handle; a voice nobody has the language for is silent."""
        found: dict[str, str] = {}
        for voice in voices:
            person = self._find(spec, voice, set(found.values()))
            if person is not None:
                found[voice] = person.handle
                self.used[person.handle] += 1
        return found

    def _find(self, spec: Mapping[str, Any], voice: str, taken: set[str]) -> SamplePerson | None:
        lang, country = voice_language(voice), spec.get("from", {}).get(voice)
        free = [one for one in self.people if one.handle not in taken]
        for least in (FLUENT, ABLE):
            able = [one for one in free if level_of(one, lang) >= least]
            if able:
                return max(able, key=lambda one: self._worth(one, lang, country, spec["facets"]))
        # Somebody must begin a community, even where hardly anybody is.
        return free[0] if voice == spec["lead"] and free else None

    def _worth(self, person: SamplePerson, lang: str, country: str | None, facets: Mapping[str, Any]) -> float:
        worth = fit_of(person, facets) - 2.5 * self.used[person.handle]
        worth += 2.0 if level_of(person, lang) == NATIVE else 0.0
        worth += 10.0 if country is not None and person.country == country else 0.0
        worth += 1.0 if person.visibility.get("profile") == "everyone" else 0.0
        return worth if person.city is not None else worth - 3.0

    def host_for(self, lang: str) -> tuple[str, str] | None:
        """A made-up institution with somebody who acts for it and has the language: its name and theirs."""
        for institution in self.institutions:
            for delegate in institution.delegates:
                if level_of(self.by_handle[delegate.handle], lang) >= ABLE:
                    self.used[delegate.handle] += 1
                    return institution.slug, delegate.handle
        return None

    def fill(self, specs: Sequence[Mapping[str, Any]], casts: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
        """Community to those who belong to it without having written yet."""
        found: dict[str, list[str]] = defaultdict(list)
        there = {slug: set(cast.values()) for slug, cast in casts.items()}
        for person in self.people:
            if self.rng.random() < BELONG:
                for spec in self._choices(person, specs):
                    if person.handle not in there[spec["slug"]] and len(found[spec["slug"]]) < spec.get("most", 400):
                        found[spec["slug"]].append(person.handle)
                        there[spec["slug"]].add(person.handle)
        for spec in specs:
            self._fill_up(spec, found[spec["slug"]], there[spec["slug"]])
        return found

    def _choices(self, person: SamplePerson, specs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        reads = [spec for spec in specs if spec.get("grows", 1) and self._may(person, spec)]
        if not reads:
            return []
        ranked = sorted(reads, key=lambda spec: -fit_of(person, spec["facets"]) * spec.get("grows", 1))[:5]
        weights = [8, 5, 3, 2, 1][: len(ranked)]
        chosen = [self.rng.choices(ranked, weights)[0] for _ in range(self.rng.choice(HOW_MANY))]
        return list({spec["slug"]: spec for spec in chosen}.values())

    def _may(self, person: SamplePerson, spec: Mapping[str, Any]) -> bool:
        kind, code = spec.get("chapter", (None, None))
        if kind == "country" and person.country != code:
            return False
        languages = [code] if kind == "language" else spec["facets"].get("language", ())
        return any(level_of(person, tag) >= READS for tag in languages)

    def _fill_up(self, spec: Mapping[str, Any], found: list[str], there: set[str]) -> None:
        missing = min(spec.get("least", 4), len(self.people) // 3) - len(there)
        if missing > 0:
            free = [one for one in self.people if one.handle not in there and self._may(one, spec)]
            free.sort(key=lambda one: -fit_of(one, spec["facets"]) + self.used[one.handle])
            found.extend(one.handle for one in free[:missing])
            there.update(one.handle for one in free[:missing])
