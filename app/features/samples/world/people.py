"""Made-up people: where they live, what they speak and teach, what they offer and need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TypeVar

from app.features.samples.world import speech
from app.features.samples.world.company import find_company
from app.features.samples.world.naming import Handles, Name, draw_name
from app.features.samples.world.shapes import NATIVE, SampleActivity, SampleLanguage, SamplePerson
from app.features.samples.world.sources import (
    HUBS,
    Country,
    Culture,
    Role,
    activity_weights,
    countries,
    cultures,
    roles,
)

Choice = TypeVar("Choice")

_FOREIGN = ("en", "fr", "es", "ar", "zh", "ru", "pt", "de", "ja", "it", "tr", "ko")


def make_people(rng: Random, count: int) -> list[SamplePerson]:
    """That many people, spread over all regions by the weights of the countries."""
    handles = Handles()
    homes = _homes(rng, count)
    return find_company([_person(rng, home, handles) for home in homes])


def choose_weighted(rng: Random, options: Sequence[tuple[Choice, int]]) -> Choice:
    """One of the options, as often as its weight says."""
    return rng.choices([option for option, _ in options], [weight for _, weight in options])[0]


def _homes(rng: Random, count: int) -> list[Country]:
    """Countries by largest share; what is left over is drawn, so that small ones turn up as well."""
    table = countries()
    total = sum(country.weight for country in table)
    homes: list[Country] = []
    rests: list[float] = []
    for country in table:
        exact = count * country.weight / total
        homes.extend([country] * int(exact))
        rests.append(exact - int(exact))
    while len(homes) < count:
        index = rng.choices(range(len(table)), rests)[0]
        rests[index] = 0.0
        homes.append(table[index])
    rng.shuffle(homes)
    return homes


def _person(rng: Random, home: Country, handles: Handles) -> SamplePerson:
    native = choose_weighted(rng, [(share, share.share) for share in home.native])
    name = _free_name(rng, cultures()[native.culture], handles)
    role_key = choose_weighted(rng, [(key, role.weight) for key, role in roles().items()])
    sparse = rng.random() < 0.12
    subjects, levels = _work(rng, roles()[role_key], sparse)
    languages = _languages(rng, home, native.tag, "0231" in subjects)
    hub = next(lang.tag for lang in _by_strength(languages) if lang.tag in HUBS)
    offers = _activities(rng, "offers", subjects, languages, hub, 1 if sparse else rng.randint(2, 4))
    taken = {offer.code for offer in offers}
    needs = _activities(rng, "needs", subjects, languages, hub, 1 if sparse else rng.randint(1, 3), taken)
    written = speech.choose_languages(rng, languages, sparse)
    bios = speech.write_bios(rng, written, subjects[0], levels[-1], offers[0].code, sparse)
    handle = handles.take(name.slug)
    city, timezone = rng.choice(home.cities)
    full = not sparse and rng.random() < 0.65
    return SamplePerson(
        handle=handle,
        name=name.own,
        name_lang=name.lang,
        latin_name=name.latin,
        country=home.code,
        city=None if sparse else city,
        timezone=None if sparse else timezone,
        languages=languages,
        subjects=subjects,
        levels=levels,
        offers=offers,
        needs=needs,
        interests=speech.write_interests(rng, written, subjects[0]) if full else {},
        tags=speech.choose_tags(rng, written) if full else (),
        bios=bios,
        visibility=_visibility(rng),
        suggested=rng.random() < 0.97,
        availability=rng.choice((None, 1, 2, 2, 3, 3, 4, 5, 5, 8)) if rng.random() < 0.98 else 0,
        confirmed_days_ago=_confirmed(rng),
        email=f"{handle}@sample.example",
    )


def _free_name(rng: Random, culture: Culture, handles: Handles) -> Name:
    """A name nobody has yet, if a few draws find one."""
    name = draw_name(rng, culture)
    for _ in range(6):
        if handles.is_free(name.slug):
            break
        name = draw_name(rng, culture)
    return name


def _work(rng: Random, role: Role, sparse: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Subjects, the main one first, and levels."""
    cluster = choose_weighted(rng, role.clusters)
    levels = choose_weighted(rng, role.levels)
    if sparse:
        return cluster[:1], levels
    keep = len(cluster) if rng.random() < 0.75 else 1
    return cluster[:keep], levels


def _languages(rng: Random, home: Country, native: str, teaches_languages: bool) -> tuple[SampleLanguage, ...]:
    """First language, those of school and work, and now and then one learnt far away."""
    spoken = {native: NATIVE}
    for other in home.others:
        if other.tag not in spoken and rng.random() < other.share:
            level = other.cefr + rng.choice((-1, 0, 0, 0, 1))
            spoken[other.tag] = max(4 if other.share >= 1 else 1, min(6, level))
    if rng.random() < (0.25 if teaches_languages else 0.06):
        spoken.setdefault(rng.choice(_FOREIGN), rng.choice((2, 3, 4, 5)))
    _ensure_hub(spoken, home)
    main = _school_language(spoken, home)
    return tuple(
        SampleLanguage(
            tag=tag,
            cefr=cefr,
            teaches=tag == main or (cefr >= 5 and rng.random() < 0.4),
            accepts=_accepts(rng, cefr, main == tag),
        )
        for tag, cefr in spoken.items()
    )


def _ensure_hub(spoken: dict[str, int], home: Country) -> None:
    """Everyone can work in at least one widely spoken language: if none, the likeliest where they live."""
    if any(tag in HUBS and cefr >= 4 for tag, cefr in spoken.items()):
        return
    hubs = [other for other in home.others if other.tag in HUBS]
    likeliest = max(hubs, key=lambda other: other.share)
    spoken[likeliest.tag] = max(4, spoken.get(likeliest.tag, 0))


def _school_language(spoken: Mapping[str, int], home: Country) -> str:
    """The language classes are held in: the one most people of the country share among those spoken well."""
    shares = {other.tag: other.share for other in home.others}
    for part in home.native:
        shares[part.tag] = shares.get(part.tag, 0.0) + part.share / 100
    return max((tag for tag, cefr in spoken.items() if cefr >= 4), key=lambda tag: shares.get(tag, 0.0))


def _accepts(rng: Random, cefr: int, main: bool) -> int:
    """B1 unless said; patient people accept A2, some want B2 outside the language they work in most."""
    draw = rng.random()
    if draw < 0.1:
        return 2
    return 4 if draw > 0.94 and cefr >= 5 and not main else 3


def _by_strength(languages: Iterable[SampleLanguage]) -> list[SampleLanguage]:
    return sorted(languages, key=lambda lang: -lang.cefr)


def _activities(
    rng: Random,
    side: str,
    subjects: Sequence[str],
    languages: Sequence[SampleLanguage],
    hub: str,
    count: int,
    taken: Iterable[str] = (),
) -> tuple[SampleActivity, ...]:
    """Offers or needs, each activity once; nobody needs what they offer."""
    weights = {code: weight for code, weight in activity_weights()[side].items() if code not in set(taken)}
    able = [lang.tag for lang in languages if lang.cefr >= 4]
    chosen: list[SampleActivity] = []
    while weights and len(chosen) < count:
        code = choose_weighted(rng, list(weights.items()))
        del weights[code]
        language: str | None = hub if rng.random() < 0.3 else None
        if code == "translate":
            language = rng.choice(able) if len(able) > 1 else hub
        chosen.append(SampleActivity(code, _activity_subject(rng, subjects), language))
    return tuple(chosen)


def _activity_subject(rng: Random, subjects: Sequence[str]) -> str | None:
    draw = rng.random()
    if draw < 0.3:
        return None
    subject = rng.choice(subjects)
    return subject if draw < 0.78 else subject[:2]


def _visibility(rng: Random) -> dict[str, str]:
    """Half are public; a few keep their place or their texts to members or connections."""
    visibility = {"profile": rng.choice(("everyone", "members"))}
    if rng.random() < 0.12:
        visibility["place"] = rng.choice(("members", "connections"))
    if rng.random() < 0.05:
        visibility["texts"] = rng.choice(("members", "connections"))
    return visibility


def _confirmed(rng: Random) -> int:
    """Most profiles are fresh, some are getting old, a few nobody has looked at for long."""
    draw = rng.random()
    if draw < 0.65:
        return rng.randint(0, 60)
    return rng.randint(61, 180) if draw < 0.87 else rng.randint(181, 800)
