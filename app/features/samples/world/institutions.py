"""Institutions: real ones by public facts alone, made-up ones with offers, needs and delegates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from app.features.samples.world.naming import to_slug
from app.features.samples.world.people import choose_weighted
from app.features.samples.world.shapes import (
    SampleActivity,
    SampleDelegate,
    SampleInstitution,
    SamplePerson,
)
from app.features.samples.world.sources import (
    Country,
    activity_weights,
    countries,
    made_up,
    real_institutions,
)
from app.features.samples.world.speech import choose_tags, name_subject

_FEWEST = 68
"""Made-up institutions there are at least, so that every language group has some."""


def real_ones() -> list[SampleInstitution]:
    """The real institutions; nobody acts for them here, and nothing is invented about them."""
    zones = {(country.code, city): zone for country in countries() for city, zone in country.cities}
    return [_real(row, zones) for row in real_institutions()]


def _real(row: dict[str, Any], zones: dict[tuple[str, str], str]) -> SampleInstitution:
    city = row.get("city")
    return SampleInstitution(
        slug=row["slug"],
        names=row["names"],
        descriptions=row["descriptions"],
        type_code=row["type"],
        country=row["country"],
        city=city,
        timezone=zones.get((row["country"], city)) if city else None,
        website=row.get("website"),
        languages=tuple(row["languages"]),
        subjects=tuple(row.get("subjects", ())),
        levels=tuple(row.get("levels", ())),
        made_up=False,
    )


def made_up_ones(rng: Random, people: Sequence[SamplePerson]) -> list[SampleInstitution]:
    """About three for a hundred people, never fewer than each language needs, each with delegates among the people."""
    count = min(max(_FEWEST, len(people) * 3 // 100), len(people))
    langs = _language_order(count)
    speakers = {lang: [person for person in people if _speaks(person, lang)] for lang in made_up().homes}
    kinds = list(made_up().kinds)
    serial: dict[str, int] = {}
    slugs: set[str] = set()
    found: list[SampleInstitution] = []
    for lang in langs:
        number = serial.get(lang, 0)
        serial[lang] = number + 1
        # Each language starts at another type, so that the whole is as mixed as each part.
        kind = kinds[(number + (3 if lang == "en" else 0)) % len(kinds)]
        found.append(_made_up(rng, lang, kind, number, speakers[lang] or people, slugs))
    return _verify(rng, found)


def _language_order(count: int) -> list[str]:
    """Each language in turn, English twice a round from the second round on."""
    langs: list[str] = []
    round_number = 0
    while len(langs) < count:
        langs.extend(made_up().homes)
        if round_number % 2:
            langs.append("en")
        round_number += 1
    return langs[:count]


def _made_up(
    rng: Random, lang: str, kind: str, number: int, speakers: Sequence[SamplePerson], slugs: set[str]
) -> SampleInstitution:
    pieces = made_up()
    shape = pieces.kinds[kind]
    own, latin = pieces.places[lang][number % len(pieces.places[lang])]
    country = _country(pieces.homes[lang][number % len(pieces.homes[lang])])
    city, timezone = rng.choice(country.cities)
    second = pieces.seconds[lang][number % len(pieces.seconds[lang])]
    languages = tuple(dict.fromkeys((lang, second, *(("en",) if rng.random() < 0.25 else ()))))
    names = {"en": f"{pieces.patterns[kind]['en'].format(place=latin)} ({pieces.marks['en']})"}
    names[lang] = f"{pieces.patterns[kind][lang].format(place=own)} ({pieces.marks[lang]})"
    slug = to_slug(names["en"].replace(f"({pieces.marks['en']})", ""))
    while slug in slugs:
        slug = f"{slug}-{len(slugs)}"
    slugs.add(slug)
    line = rng.randrange(3)
    subjects = shape.subjects[number % len(shape.subjects)]
    return SampleInstitution(
        slug=slug,
        names=names if lang != "en" else {"en": names["en"]},
        descriptions={
            tag: pieces.descriptions[tag][line].replace("{subject}", name_subject(tag, shape.lead))
            for tag in dict.fromkeys(("en", *languages))
        },
        type_code=kind,
        country=country.code,
        city=city,
        timezone=timezone,
        website=f"{slug}.example",
        languages=languages,
        subjects=subjects,
        levels=shape.levels,
        made_up=True,
        offers=_activities(rng, "institution_offers", subjects, languages),
        needs=_activities(rng, "institution_needs", subjects, languages),
        tags=choose_tags(rng, languages[:1]),
        delegates=_delegates(rng, country.code, speakers),
        availability=rng.choice((None, 2, 4, 6, 10)),
        confirmed_days_ago=rng.randint(0, 200),
    )


def _country(code: str) -> Country:
    return next(country for country in countries() if country.code == code)


def _activities(
    rng: Random, side: str, subjects: Sequence[str], languages: Sequence[str]
) -> tuple[SampleActivity, ...]:
    weights = dict(activity_weights()[side])
    chosen = []
    for _ in range(rng.randint(2, 4)):
        code = choose_weighted(rng, list(weights.items()))
        del weights[code]
        subject = rng.choice(subjects) if rng.random() < 0.6 else None
        named = code == "translate" or rng.random() < 0.3
        chosen.append(SampleActivity(code, subject, rng.choice(languages) if named else None))
    return tuple(chosen)


def _speaks(person: SamplePerson, lang: str) -> bool:
    return any(own.tag == lang and own.cefr >= 4 for own in person.languages)


def _delegates(rng: Random, country: str, speakers: Sequence[SamplePerson]) -> tuple[SampleDelegate, ...]:
    """An owner and up to two more of those who speak its language; from its own country where there are any."""
    pool = [person for person in speakers if person.country == country] or list(speakers)
    chosen = rng.sample(pool, k=min(len(pool), rng.choice((1, 1, 2, 3))))
    roles = ("owner", rng.choice(("editor", "representative")), "representative")
    return tuple(SampleDelegate(person.handle, role) for person, role in zip(chosen, roles, strict=False))


def _verify(rng: Random, found: list[SampleInstitution]) -> list[SampleInstitution]:
    """Half are verified by their domain; some by two of those; some wait for a second vouch; the rest are not."""
    states = [rng.choices(("domain", "vouched", "pending", "none"), (50, 25, 10, 15))[0] for _ in found]
    trusted = [one.slug for one, state in zip(found, states, strict=True) if state == "domain"]
    checked = []
    for one, state in zip(found, states, strict=True):
        voices = {"vouched": 2, "pending": 1}.get(state, 0)
        if voices > len(trusted):
            state, voices = "none", 0
        checked.append(replace(one, verification=state, vouched_by=tuple(sorted(rng.sample(trusted, k=voices)))))
    return checked
