"""What the communities of a sample world meet for, share and try out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.features.samples.world.casting import voice_language
from app.features.samples.world.community_shapes import SampleEvent, SamplePractice, SampleResource, SampleReview
from app.features.samples.world.conversations import LATEST, Place

_TEXTS = (
    "description", "agenda", "link", "place", "capacity", "interpretation", "notes", "notes_lang", "recording",
    "cancelled",
)  # fmt: skip
_FACTS = ("licence", "type", "formats", "authors", "audiences", "subjects", "levels", "languages")
_TRIED = (
    "title", "tried", "adapted", "happened", "again", "subject", "level", "language", "class_size", "connectivity",
)  # fmt: skip
# Of those who are asked for a meeting so many answer, and this is what they say.
ANSWER_SHARE, MOST_ANSWERS, MOST_FOUND_FOR = 0.35, 25, 8
_ANSWERS, _ANSWER_WEIGHTS = ("yes", "maybe", "no"), (6, 2, 2)


def make_events(place: Place) -> tuple[SampleEvent, ...]:
    """The meetings of a community."""
    return tuple(_event(place, told) for told in place.spec.get("events", ()))


def _event(place: Place, told: Mapping[str, Any]) -> SampleEvent:
    by = place.voice(told.get("by"))
    zone = place.people[by].timezone or "UTC"
    first, hours = int(told["day"]), told["hours"]
    times = tuple((first + number * int(told.get("every", 7)), round(hour * 60)) for number, hour in enumerate(hours))
    said = {name: told[name] for name in _TEXTS if name in told}
    coming = place.pick(ANSWER_SHARE, MOST_ANSWERS)
    answers = tuple((handle, place.rng.choices(_ANSWERS, _ANSWER_WEIGHTS)[0]) for handle in coming)
    found_for = [handle for handle in place.handles if place.people[handle].timezone][:MOST_FOUND_FOR]
    lang = told.get("lang", place.spec["lang"])
    return SampleEvent(
        title=told["title"], lang=lang, by=by, zone="UTC" if told.get("utc") else zone, times=times,
        minutes=told.get("minutes", 60), languages=tuple(told.get("languages", [lang])), texts=said,
        answers=_dress(answers, by), found_for=tuple(found_for) if told.get("rotates") else (),
        renditions=place.translations(told.get("in", {}), lang, max(2.0, 10.0 - first)),
    )  # fmt: skip


def _dress(answers: tuple[tuple[str, str], ...], by: str) -> tuple[tuple[str, str], ...]:
    """Who planned it comes, too."""
    return ((by, "yes"), *(one for one in answers if one[0] != by))


def make_resources(place: Place) -> tuple[SampleResource, ...]:
    """What a community shares."""
    return tuple(_resource(place, told) for told in place.spec.get("resources", ()))


def _resource(place: Place, told: Mapping[str, Any]) -> SampleResource:
    days, lang = float(told["days"]), told.get("lang", place.spec["lang"])
    facts = {"subjects": place.spec["facets"].get("subject", ()), "languages": [lang], "audiences": ["teacher"]}
    return SampleResource(
        url=told["url"], title=told["title"], description=told["description"], lang=lang,
        by=place.voice(told.get("by")), days_ago=days, facts={**facts, **{n: told[n] for n in _FACTS if n in told}},
        origins=tuple((url, relation) for url, relation in told.get("from", ())),
        reviews=tuple(_reviews(place, told, days)), dead=told.get("dead", False),
        renditions=place.translations(told.get("in", {}), lang, days),
    )  # fmt: skip


def _reviews(place: Place, told: Mapping[str, Any], days: float) -> Iterator[SampleReview]:
    seen = {place.voice(told.get("by"))}
    for voice, points, text in told.get("reviews", ()):
        by = place.cast.get(voice)
        if by is not None and by not in seen:
            seen.add(by)
            quality, inclusion, suitability = points
            at = max(LATEST, days * place.rng.uniform(0.2, 0.8))
            yield SampleReview(by, (quality, inclusion, suitability), text, voice_language(voice), at)


def make_practice(place: Place) -> tuple[SamplePractice, ...]:
    """What was tried in class; told by voices that are there."""
    return tuple(
        SamplePractice(
            by=place.cast[told["by"]], lang=told.get("lang", voice_language(told["by"])), days_ago=float(told["days"]),
            country=place.people[place.cast[told["by"]]].country,
            facts={name: told[name] for name in _TRIED if name in told}, resource=told.get("resource"),
        )
        for told in place.spec.get("practice", ())
        if told["by"] in place.cast
    )  # fmt: skip
