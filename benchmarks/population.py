"""Made-up profiles in any number for benchmarks: facets as unevenly spread as in life (Zipf), the same for a seed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.matching import Activity, Language, Profile
from app.matching.hours import ALL_DAY, SLOTS
from app.matching.query import KINDS

_CHUNK = 10_000
_ACTIVITIES = ("translate", "adapt", "review", "co-author", "pilot", "train", "host", "mentor", "research", "fund")
_SUBREGIONS = {
    "002": ("015", "014", "017", "018", "011"),
    "019": ("005", "013", "029", "021"),
    "142": ("034", "035", "030", "145", "143"),
    "150": ("155", "151", "039", "154"),
    "009": ("053", "054"),
}
_PLACES = [("001", wide, near) for wide, all_near in _SUBREGIONS.items() for near in all_near]
# Of seven countries one is least developed, one that and landlocked, one landlocked, one a small island.
_GROUPS = (("199",), ("199", "432"), ("432",), ("722",), (), (), ())
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class _World:
    """What profiles are drawn from."""

    countries: list[tuple[str, tuple[str, str, str]]]
    tongues: list[str]
    spoken: list[list[str]]
    subjects: list[str]
    words: list[str]
    tags: list[str]


def population(size: int, seed: int = 1) -> Iterator[Profile]:
    """Yield `size` made-up profiles with the keys 1 to `size`."""
    world = _world(np.random.default_rng(seed))
    for start in range(0, size, _CHUNK):
        rng = np.random.default_rng([seed, start])
        yield from _chunk(world, rng, start + 1, min(_CHUNK, size - start))


def _world(rng: np.random.Generator) -> _World:
    tongues = ["en", "fr", "es", "ar", "pt", "sw", "hi", "zh", "ru", "de"]
    tongues += [f"q{one}{other}" for one in "abcde" for other in "abcdefghij"]
    countries = [
        (_LETTERS[at // 26] + _LETTERS[at % 26], _PLACES[(at * 7 + at // 20) % len(_PLACES)]) for at in range(190)
    ]
    spoken = [[tongues[min(int(rng.zipf(1.4)), 60) - 1], tongues[int(rng.integers(10, 60))]] for _ in countries]
    subjects = [f"{at // 9:02d}{at % 3 + 1}{at % 7 + 1}" for at in range(99)]
    rng.shuffle(subjects)
    letters = np.array(list("aaabcdeeefghiiijklmnooopqrstuuvwxyz"))
    words = ["".join(rng.choice(letters, int(length))) for length in rng.integers(4, 11, 20_000)]
    return _World(countries, tongues, spoken, subjects, words, [f"tag {at}" for at in range(5000)])


def _zipf(rng: np.random.Generator, exponent: float, limit: int, shape: int | tuple[int, int]) -> np.ndarray:
    weights = 1 / np.arange(1, limit + 1) ** exponent
    edges = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(edges, rng.random(shape)), limit - 1)


def _chunk(world: _World, rng: np.random.Generator, first: int, size: int) -> Iterator[Profile]:
    country = _zipf(rng, 0.8, len(world.countries), size).tolist()
    subject = _zipf(rng, 0.9, len(world.subjects), (size, 3)).tolist()
    depth = rng.choice([4, 4, 4, 4, 3, 2], (size, 3)).tolist()
    word = _zipf(rng, 0.9, len(world.words), (size, 14)).tolist()
    tag = _zipf(rng, 1.0, len(world.tags), (size, 3)).tolist()
    counts = rng.integers(0, [[4], [4], [15], [3], [3], [3]], (6, size)).tolist()
    dice = rng.integers(0, 1000, (size, 16)).tolist()
    for at in range(size):
        die = dice[at]
        code, regions = world.countries[country[at]]
        subjects = tuple(
            dict.fromkeys(world.subjects[subject[at][n]][: depth[at][n]] for n in range(max(1, counts[0][at])))
        )
        languages = _languages(world, country[at], die)
        institution = die[0] < 60
        yield Profile(
            key=first + at,
            kind="institution" if institution else "person",
            country=code,
            regions=regions,
            subjects=subjects,
            levels=_levels(die),
            languages=languages,
            offers=tuple(_activity(subjects, languages, die[3 + n]) for n in range(counts[3][at])),
            needs=tuple(_activity(subjects, languages, die[6 + n]) for n in range(counts[4][at])),
            interests=" ".join(world.words[one] for one in word[at][: counts[2][at]]),
            tags=tuple(world.tags[one] for one in tag[at][: counts[5][at]]),
            capacity=None if die[9] < 500 else die[9] % 6,
            fresh_days=die[10] * (1 + die[10] % 3) // 2,
            hours=_hours(country[at], die),
            suggestible=die[11] < 930,
            public=die[11] < 300,
            not_as=(KINDS[die[11] % len(KINDS)],) if die[11] % 50 == 0 else (),
            groups=_GROUPS[country[at] % len(_GROUPS)],
        )


def _levels(die: list[int]) -> tuple[str, ...]:
    level = die[1] % 9
    if die[1] > 940:
        return ("nf",)
    return (str(level), str(level + 1)) if level < 8 and die[2] < 400 else (str(level),)


def _languages(world: _World, country: int, die: list[int]) -> tuple[Language, ...]:
    main, local = world.spoken[country]
    found = {main: Language(main, 7, True, _accepts(die[12]))}
    if die[13] < 300:
        found.setdefault(local, Language(local, 7, die[13] < 100, _accepts(die[13])))
    if die[14] < 600:
        found.setdefault("en", Language("en", 1 + die[14] % 6, die[14] < 60, _accepts(die[14])))
    if die[15] < 300:
        other = world.tongues[die[15] % 10]
        found.setdefault(other, Language(other, 1 + die[15] % 6, False, _accepts(die[15])))
    return tuple(found.values())


def _hours(country: int, die: list[int]) -> int:
    """Return a working day of eight hours, by the clock of the country, for three in five."""
    begin = (16 + die[5] % 5 + country * 7) % SLOTS if die[4] < 600 else 0
    day = (1 << 16) - 1 << begin
    return (day | day >> SLOTS) & ALL_DAY if die[4] < 600 else 0


def _accepts(die: int) -> int:
    return 3 if die % 10 < 8 else 2 + die % 4


def _activity(subjects: tuple[str, ...], languages: tuple[Language, ...], die: int) -> Activity:
    code = _ACTIVITIES[min(die % 37 // 3, 9)]
    return Activity(code, subjects[0] if die < 600 else None, languages[0].tag if die % 4 == 0 else None)
