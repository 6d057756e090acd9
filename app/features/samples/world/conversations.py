"""What is said in the communities of a sample world, by whom and when; and who translated it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from app.features.samples.world.casting import ABLE, Fluency, voice_language
from app.features.samples.world.community_shapes import SamplePost, SampleRendition, SampleThread, SampleWish
from app.features.samples.world.shapes import SamplePerson

# No later than this many days before the loading.
LATEST = 0.1
_VOICE = re.compile(r"@\{([a-z0-9]+)\}")
_SIGNS = ("thanks", "agree", "useful", "question")
_SIGN_WEIGHTS = (8, 6, 6, 1)
_HOW_MANY_SIGNS = (0, 0, 0, 1, 1, 2, 3, 4)


class Place:
    """A community while it is being made up: its words, its voices, and everybody who belongs."""

    def __init__(
        self,
        rng: Random,
        spec: Mapping[str, Any],
        cast: Mapping[str, str],
        readers: Sequence[str],
        people: Mapping[str, SamplePerson],
        fluency: Fluency,
    ) -> None:
        self.rng, self.spec, self.cast, self.people, self.fluency = rng, spec, cast, people, fluency
        self.handles = [*dict.fromkeys([*cast.values(), *readers])]
        self.lead = cast[spec["lead"]]

    def voice(self, name: str | None) -> str:
        """Who speaks with a voice; where it is silent, who leads."""
        return self.cast.get(name or self.spec["lead"], self.lead)

    def translations(
        self, done: Mapping[str, Any], lang: str, days_ago: float, author: str | None = None
    ) -> tuple[SampleRendition, ...]:
        """Translations as they are written in the data: language to texts, each with a mark if there is one."""
        made = (self._translation(tag, said, lang, days_ago, author) for tag, said in done.items())
        return tuple(one for one in made if one is not None)

    def _translation(
        self, tag: str, said: Any, lang: str, days_ago: float, author: str | None
    ) -> SampleRendition | None:
        fields, mark = said if isinstance(said, list) else (said, "")
        fields = {"text": fields} if isinstance(fields, str) else fields
        able = [handle for handle in self.both(lang, tag) if handle != author][:2]
        if not able:
            return None
        at = max(LATEST / 2, days_ago * 0.6)
        reviewer = able[1] if mark == "reviewed" and len(able) > 1 else None
        return SampleRendition(tag, fields, able[0], at, reviewer, mark == "stale")

    def both(self, one: str, other: str) -> list[str]:
        """Three members, or where the community is open to all others, who have both languages well."""
        everyone = self.handles + ([] if self.spec.get("reading") == "members" else list(self.people))
        able = (
            handle
            for handle in dict.fromkeys(everyone)
            if min(self.fluency.level(handle, one), self.fluency.level(handle, other)) >= ABLE
        )
        return [handle for handle, _ in zip(able, range(3), strict=False)]

    def without(self, lang: str, number: int) -> list[str]:
        """Some members who don't read a language."""
        found = (handle for handle in self.handles if self.fluency.level(handle, lang) == 0)
        return [handle for handle, _ in zip(found, range(number), strict=False)]

    def pick(self, share: float, most: int = 400) -> list[str]:
        """Some of the members, in the order in which they stand."""
        number = min(most, max(1, round(share * len(self.handles))))
        chosen = set(self.rng.sample(self.handles, min(number, len(self.handles))))
        return [handle for handle in self.handles if handle in chosen]


def make_threads(place: Place) -> tuple[SampleThread, ...]:
    """The threads of a community; a thread whose first voice is silent doesn't begin."""
    return tuple(thread for told in place.spec.get("threads", ()) if (thread := _thread(place, told)) is not None)


def _thread(place: Place, told: Mapping[str, Any]) -> SampleThread | None:
    written = [post if len(post) > 2 else [*post, {}] for post in told["posts"]]
    if written[0][0] not in place.cast:
        return None
    heard = [number for number, post in enumerate(written) if _is_heard(place, post)]
    days = _days(place.rng, float(told["day"]), len(heard))
    where = {number: at for at, number in enumerate(heard)}
    posts = tuple(_post(place, written[number], where, day) for number, day in zip(heard, days, strict=True))
    lang = told.get("lang", posts[0].lang)
    titles = {tag: {"title": title} for tag, title in told.get("in", {}).items()}
    return SampleThread(
        title=told["title"], lang=lang, posts=posts, pinned=told.get("pinned", False), locked=told.get("locked"),
        renditions=place.translations(titles, lang, days[0]),
    )  # fmt: skip


def _is_heard(place: Place, post: Sequence[Any]) -> bool:
    return post[0] in place.cast and all(voice in place.cast for voice in _VOICE.findall(post[1]))


def _days(rng: Random, first: float, count: int) -> list[float]:
    """When each post of a thread was written: answers come within hours or days, never in the time to come."""
    gaps = [0.0, *(rng.choice((0.15, 0.3, 0.6, 0.9, 1.4, 2.3)) * rng.uniform(0.7, 1.3) for _ in range(count - 1))]
    room = max(0.05, first - LATEST)
    pace = min(1.0, room / sum(gaps)) if sum(gaps) else 1.0
    days, passed = [], 0.0
    for gap in gaps:
        passed += gap * pace
        days.append(max(LATEST / 2, first - passed))
    return days


def _post(place: Place, told: Sequence[Any], where: Mapping[int, int], day: float) -> SamplePost:
    voice, text, more = told
    lang = more.get("lang", voice_language(voice))
    author = place.cast[voice]
    named = tuple(dict.fromkeys(place.cast[name] for name in _VOICE.findall(text)))
    wish = more.get("wish")
    askers = place.without(lang, 2) if wish else []
    hidden = more.get("hide")
    return SamplePost(
        author=author, lang=lang, text=_name(place, text), days_ago=day, answers=where.get(more.get("to", -1)),
        former=_name(place, more["was"]) if "was" in more else None, withdrawn=more.get("gone", False),
        hidden=(place.lead, hidden[0], hidden[1]) if hidden else None, mentions=named,
        report=_report(place, more.get("report"), author),
        reactions=() if hidden or more.get("gone") else tuple(_signs(place, author)),
        renditions=place.translations(more.get("in", {}), lang, day, author),
        wish=SampleWish(wish, tuple(askers)) if wish and askers else None,
    )  # fmt: skip


def _report(place: Place, told: Sequence[str] | None, author: str) -> tuple[str, str, str] | None:
    """A report by a voice that is there, never of one's own words."""
    if told is None or place.cast.get(told[0], author) == author:
        return None
    return place.cast[told[0]], told[1], told[2]


def _name(place: Place, text: str) -> str:
    return _VOICE.sub(lambda found: f"@{{{place.cast[found[1]]}}}", text)


def _signs(place: Place, author: str) -> Iterator[tuple[str, str]]:
    others = [handle for handle in place.handles if handle != author]
    for handle in place.rng.sample(others, min(len(others), place.rng.choice(_HOW_MANY_SIGNS))):
        yield handle, place.rng.choices(_SIGNS, _SIGN_WEIGHTS)[0]
