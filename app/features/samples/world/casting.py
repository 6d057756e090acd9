"""Who takes part in which community of a sample world: those who speak for it, and those who read along."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from app.features.samples.world.shapes import NATIVE, SampleInstitution, SamplePerson

FLUENT, ABLE, READS = 5, 4, 3
# Of the sample people so many belong somewhere, most of them to more than one community.
BELONG = 0.68
HOW_MANY = (1, 1, 2, 2, 3)
# How often the community that suits best is chosen, the second best, and so on; and where it gets too full.
RANKS = (6, 5, 4, 3, 2)
MOST = 150


def base_of(tag: str) -> str:
    """A language without script and region."""
    return tag.partition("-")[0]


class Fluency:
    """How well people have languages, of whatever region; reckoned once, since everything is asked by it."""

    def __init__(self, people: Iterable[SamplePerson]) -> None:
        self._levels: dict[str, dict[str, int]] = {}
        self._speakers: dict[str, list[SamplePerson]] = defaultdict(list)
        for person in people:
            known = self._levels.setdefault(person.handle, {})
            for one in person.languages:
                known[base_of(one.tag)] = max(one.cefr, known.get(base_of(one.tag), 0))
            for base in known:
                self._speakers[base].append(person)

    def level(self, handle: str, lang: str) -> int:
        """How well somebody has a language: 0 is not at all."""
        return self._levels[handle].get(base_of(lang), 0)

    def speakers(self, lang: str) -> Sequence[SamplePerson]:
        """Everybody who has a language, however well."""
        return self._speakers.get(base_of(lang), ())


def voice_language(voice: str) -> str:
    """The language of a voice: its name without the number.

    >>> voice_language("fr2")
    'fr'
    """
    return voice.rstrip("0123456789")


class Casting:
    """Gives every voice in the written communities to a person who has its language; spreads the work."""

    def __init__(self, rng: Random, people: Sequence[SamplePerson], institutions: Sequence[SampleInstitution]) -> None:
        self.rng, self.people, self.fluency = rng, people, Fluency(people)
        self.institutions = [one for one in institutions if one.made_up and one.delegates]
        self.used: Counter[str] = Counter()
        self._fits: dict[tuple[str, str], float] = {}

    def fit(self, person: SamplePerson, spec: Mapping[str, Any]) -> float:
        """How well a person goes with a community's subjects, levels, languages and places."""
        key = (person.handle, spec["slug"])
        if key not in self._fits:
            languages = spec["facets"].get("language", ())
            spoken = max((self.fluency.level(person.handle, tag) for tag in languages), default=0)
            self._fits[key] = _fit(person, spec["facets"]) + spoken / 4
        return self._fits[key]

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
        free = [one for one in self.fluency.speakers(lang) if one.handle not in taken]
        for least in (FLUENT, ABLE):
            able = [one for one in free if self.fluency.level(one.handle, lang) >= least]
            if able:
                return max(able, key=lambda one: self._worth(one, lang, country, spec))
        # Somebody must begin a community, even where hardly anybody is.
        leads = voice == spec["lead"]
        return min(self.people, key=lambda one: self.used[one.handle]) if leads and self.people else None

    def _worth(self, person: SamplePerson, lang: str, country: str | None, spec: Mapping[str, Any]) -> float:
        worth = self.fit(person, spec) - 2.5 * self.used[person.handle]
        worth += 2.0 if self.fluency.level(person.handle, lang) == NATIVE else 0.0
        worth += 10.0 if country is not None and person.country == country else 0.0
        worth += 1.0 if person.visibility.get("profile") == "everyone" else 0.0
        return worth if person.city is not None else worth - 3.0

    def host_for(self, lang: str) -> tuple[str, str] | None:
        """A made-up institution with somebody who acts for it and has the language: its name and theirs."""
        for institution in self.institutions:
            for delegate in institution.delegates:
                if self.fluency.level(delegate.handle, lang) >= ABLE:
                    self.used[delegate.handle] += 1
                    return institution.slug, delegate.handle
        return None

    def fill(self, specs: Sequence[Mapping[str, Any]], casts: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
        """Community to those who belong to it without having written yet."""
        found: dict[str, list[str]] = {spec["slug"]: [] for spec in specs}
        there = {slug: set(cast.values()) for slug, cast in casts.items()}
        for person in self.people:
            if self.rng.random() < BELONG:
                for slug in self._choices(person, specs, there):
                    if person.handle not in there[slug]:
                        found[slug].append(person.handle)
                        there[slug].add(person.handle)
        for spec in specs:
            self._fill_up(spec, found[spec["slug"]], there[spec["slug"]])
        return found

    def _choices(
        self, person: SamplePerson, specs: Sequence[Mapping[str, Any]], there: Mapping[str, set[str]]
    ) -> list[str]:
        open_ones = [
            spec
            for spec in specs
            if spec.get("grows", 1) and len(there[spec["slug"]]) < spec.get("most", MOST) and self._may(person, spec)
        ]
        ranked = sorted(open_ones, key=lambda spec: -self.fit(person, spec) * spec.get("grows", 1))[:5]
        if not ranked:
            return []
        weights = RANKS[: len(ranked)]
        chosen = [self.rng.choices(ranked, weights)[0]["slug"] for _ in range(self.rng.choice(HOW_MANY))]
        return list(dict.fromkeys(chosen))

    def _may(self, person: SamplePerson, spec: Mapping[str, Any]) -> bool:
        kind, code = spec.get("chapter", (None, None))
        if kind == "country" and person.country != code:
            return False
        languages = [code] if kind == "language" else spec["facets"].get("language", ())
        return any(self.fluency.level(person.handle, tag) >= READS for tag in languages)

    def _fill_up(self, spec: Mapping[str, Any], found: list[str], there: set[str]) -> None:
        missing = min(spec.get("least", 4), len(self.people) // 3) - len(there)
        if missing > 0:
            free = [one for one in self.people if one.handle not in there and self._may(one, spec)]
            free.sort(key=lambda one: self.used[one.handle] - self.fit(one, spec))
            found.extend(one.handle for one in free[:missing])
            there.update(one.handle for one in free[:missing])


def _fit(person: SamplePerson, facets: Mapping[str, Sequence[str]]) -> float:
    subjects = facets.get("subject", ())
    fit = 3.0 if set(subjects) & set(person.subjects) else 0.0
    fit = fit or (1.5 if {code[:2] for code in subjects} & {code[:2] for code in person.subjects} else 0.0)
    fit += 1.0 if set(facets.get("level", ())) & set(person.levels) else 0.0
    return fit + (2.0 if person.country in facets.get("place", ()) else 0.0)
