"""Twenty made-up communities in different states, from written texts and the people of a sample world."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import Any

from app.features.samples.world.casting import ABLE, FLUENT, Casting
from app.features.samples.world.community_shapes import (
    SampleCharter,
    SampleCommunity,
    SampleGuidance,
    SampleMember,
    SampleOffer,
    SampleThread,
)
from app.features.samples.world.conversations import LATEST, Place, make_threads
from app.features.samples.world.gatherings import make_events, make_practice, make_resources
from app.features.samples.world.shapes import SampleInstitution, SamplePerson
from app.features.samples.world.sources import DATA

FACETS = ("subject", "level", "language", "place")
CANVAS_PARTS = ("domain", "people", "practice", "languages", "rhythm", "first_months", "success")
CHARTER_PARTS = ("purpose", "welcome", "talk", "decide", "languages", "licence", "conflicts")
_COLUMNS = ("name", "summary", "lang", "template", "state", "joining", "reading", "inviting", "questions", "first_task")
# Who came lately: so many of a hundred, within so many days.
NEW_SHARE, NEW_DAYS = 0.15, 40


@lru_cache(maxsize=1)
def written() -> tuple[Mapping[str, Any], ...]:
    """The communities as they are written down, parents before their chapters."""
    files = sorted((DATA / "communities").glob("[0-9]*.json"))
    return tuple(json.loads(path.read_text(encoding="utf-8")) for path in files)


@lru_cache(maxsize=1)
def shared_words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Words that several communities of one language share in their canvas and their charter."""
    words: dict[str, dict[str, dict[str, str]]] = json.loads(
        (DATA / "communities" / "shared.json").read_text(encoding="utf-8")
    )
    return words


def make_communities(
    rng: Random, people: Sequence[SamplePerson], institutions: Sequence[SampleInstitution]
) -> tuple[SampleCommunity, ...]:
    """The communities of these people; with few people some voices are silent, with nobody there are none."""
    if len(people) < 3:
        return ()
    casting, specs = Casting(rng, people, institutions), written()
    hosts = {spec["slug"]: casting.host_for(spec["lang"]) for spec in specs if spec.get("hosted")}
    casts = {spec["slug"]: _cast(casting, spec, hosts.get(spec["slug"])) for spec in specs}
    readers = casting.fill(specs, casts)
    by_handle = {person.handle: person for person in people}
    places = [
        Place(rng, spec, casts[spec["slug"]], readers[spec["slug"]], by_handle, casting.fluency) for spec in specs
    ]
    made: dict[str, SampleCommunity] = {}
    for place in places:
        slug = place.spec["slug"]
        made[slug] = _community(place, made.get(place.spec.get("parent", "")), hosts.get(slug))
    return tuple(made.values())


def _cast(casting: Casting, spec: Mapping[str, Any], host: tuple[str, str] | None) -> dict[str, str]:
    voices = dict.fromkeys([spec["lead"], *(post[0] for thread in spec.get("threads", ()) for post in thread["posts"])])
    if host is None:
        return casting.cast(spec, voices)
    cast = casting.cast(spec, [voice for voice in voices if voice != spec["lead"]])
    return {spec["lead"]: host[1], **{voice: handle for voice, handle in cast.items() if handle != host[1]}}


def _community(place: Place, parent: SampleCommunity | None, host: tuple[str, str] | None) -> SampleCommunity:
    spec, days = place.spec, float(place.spec["days"])
    threads = make_threads(place)
    charters = _charters(place)
    facts = {name: spec[name] for name in _COLUMNS if name in spec}
    kind, code = spec.get("chapter", (None, None))
    resources = make_resources(place)
    orphaned = spec.get("orphaned")
    offer = spec.get("offer") if parent is not None else None
    return SampleCommunity(
        slug=spec["slug"],
        facts={**facts, "canvas": _canvas(spec), "chapter_kind": kind, "chapter_code": code},
        facets=tuple((name, tag) for name in FACETS for tag in spec["facets"].get(name, ())),
        days_ago=days, founder=place.lead, members=tuple(_members(place, threads)), charters=charters,
        licence=spec.get("licence", "CC-BY-4.0"), threads=threads, events=make_events(place), resources=resources,
        practice=make_practice(place), guidance=tuple(_guidance(place)), parent=parent.slug if parent else None,
        base=1 if parent else None,
        offer=SampleOffer(offer["part"], offer["note"], place.lead, float(offer["days"])) if offer else None,
        host=host[0] if host else None, orphaned_days_ago=float(orphaned) if orphaned else None,
        invited=tuple(_invited(place)), renditions=place.translations(spec.get("in", {}), spec["lang"], days),
        charter_renditions=place.translations(spec.get("charter_in", {}), spec["lang"], charters[-1].days_ago),
    )  # fmt: skip


def _canvas(spec: Mapping[str, Any]) -> dict[str, str]:
    words = {**shared_words()[spec["lang"]]["canvas"], **spec.get("canvas", {})}
    return {part: words[part] for part in CANVAS_PARTS if part in words}


def _charters(place: Place) -> tuple[SampleCharter, ...]:
    """The versions of a charter; the first one of a chapter says what that of its parent says."""
    spec = place.spec
    own = spec["charter"]
    parts = {**shared_words()[spec["lang"]]["charter"], **own.get("parts", {})}
    versions = [SampleCharter({part: parts[part] for part in CHARTER_PARTS}, float(spec["days"]), place.lead)]
    for change in own.get("then", ()):
        parts = {**parts, **change["parts"]}
        words = {part: parts[part] for part in CHARTER_PARTS}
        versions.append(
            SampleCharter(words, float(change["days"]), place.lead, change["note"], change.get("small", False))
        )
    return tuple(versions)


def _members(place: Place, threads: Sequence[SampleThread]) -> Iterator[SampleMember]:
    rng, spec = place.rng, place.spec
    days, quiet = float(spec["days"]), float(spec.get("quiet", 1))
    roles = {place.cast[voice]: role for voice, role in spec.get("roles", {}).items() if voice in place.cast}
    roles[place.lead] = "coordinator"
    new = {place.cast[voice] for voice in spec.get("new", ()) if voice in place.cast}
    said: dict[str, list[float]] = {}
    for post in (post for thread in threads for post in thread.posts):
        said.setdefault(post.author, []).append(post.days_ago)
    # Who coordinates and facilitates welcomes newcomers, and a few others do.
    willing = [handle for handle in place.handles if handle in roles or (handle in said and rng.random() < 0.3)]
    for handle in place.handles:
        since = _since(rng, days, quiet, said.get(handle), handle in new, handle in roles)
        since = days if handle == place.lead else since
        active = min(said[handle]) if handle in said else None
        if handle == place.lead:
            active = min(active or days, quiet) if not spec.get("orphaned") else float(spec["orphaned"]) + 62
        lately = since <= NEW_DAYS + 20 and handle not in roles
        yield SampleMember(
            handle=handle, role=roles.get(handle, "member"), days_ago=since, active_days_ago=active,
            willing=handle in willing, buddy=_buddy(place, handle, willing) if lately else None,
            task_done=lately and handle in said and rng.random() < 0.5,
            accepted=1 if rng.random() < 0.2 and since > days / 2 and handle not in roles else None,
        )  # fmt: skip
    yield from _waiting(place)


def _since(
    rng: Random, days: float, quiet: float, said: Sequence[float] | None, new: bool, keeps: bool
) -> float:  # fmt: skip
    """Since when somebody belongs: before their first words, most of them not at the very beginning."""
    if said is not None:
        first = max(said)
        if new:
            return first + 0.2
        return min(days - 0.01, first + (days - first) * (0.9 if keeps else rng.uniform(0.05, 0.9)) + 0.02)
    if rng.random() < NEW_SHARE and quiet < NEW_DAYS:
        return rng.uniform(max(LATEST, quiet), min(NEW_DAYS, days - 0.05))
    return rng.uniform(min(quiet, days / 2), days - 0.05)


def _buddy(place: Place, handle: str, willing: Sequence[str]) -> str | None:
    """Somebody willing who has a language of theirs well."""
    for lang in sorted(place.people[handle].languages, key=lambda one: -one.cefr):
        able = [one for one in willing if one != handle and place.fluency.level(one, lang.tag) >= ABLE]
        if able:
            return place.rng.choice(able)
    return None


def _waiting(place: Place) -> Iterator[SampleMember]:
    """Who asked to be let in, with what they answered."""
    there = set(place.handles)
    for asked in place.spec.get("asking", ()):
        lang = asked["lang"]
        person = next((h for h in place.people if h not in there and place.fluency.level(h, lang) >= FLUENT), None)
        if person is not None:
            there.add(person)
            yield SampleMember(
                handle=person, role="member", days_ago=float(asked["days"]), asked=True,
                answers=tuple(asked["answers"]), answers_lang=lang,
            )  # fmt: skip


def _invited(place: Place) -> Iterator[str]:
    there = set(place.handles)
    wanted = int(place.spec.get("invites", 0))
    lang = place.spec["lang"]
    able = (h for h in place.people if h not in there and place.fluency.level(h, lang) >= FLUENT)
    yield from (handle for handle, _ in zip(able, range(wanted), strict=False))


def _guidance(place: Place) -> Iterator[SampleGuidance]:
    for piece, text in place.spec.get("guidance", {}).items():
        yield SampleGuidance(piece, text, place.spec["lang"] if text else None, place.lead)
