"""Made-up outcomes, of people whose likes are known: what a fitted model is held against."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.matching.examples import Candidate
from app.matching.model import HAND_SET, Worth
from app.matching.outcomes import ACCEPTED, LED, NOT_FOR_ME, UNTOUCHED
from app.matching.query import Measured

Answering = Callable[[np.random.Generator, Candidate, int], str]


def draw_candidate(rng: np.random.Generator) -> Candidate:
    """Somebody as the index might find them: most units are none or all."""

    def units() -> tuple[int, ...]:
        whole = np.array((100, 100, 100, 50, 50, 20, 100, 100))
        return tuple((whole * rng.choice((0.0, 0.0, 0.3, 0.6, 1.0), 8)).astype(int).tolist())

    language, hours, static = (int(rng.choice(drawn)) for drawn in ((20, 40, 60, 80, 100), (0, 10, 20), (-200, 0, 40)))
    return Candidate(0, 0.0, Measured(units(), units(), language, hours, static))


def score(said: Measured, worth: Worth) -> int:
    """The score as the index gives it, in plain Python."""
    far = said.language if said.far_language is None else said.far_language
    one, other = (
        sum(units * times for units, times in zip(side, worth.multipliers, strict=True)) + spoken * worth.language
        for side, spoken in ((said.forward, said.language), (said.reverse, far))
    )
    standing = said.static * (worth.scale + worth.standing)
    return min(one, other) + said.hours * worth.hours + standing + said.reach * worth.reach


def draw_outcomes(number: int, answering: Answering, seed: int, shown_by: Worth = HAND_SET.peers) -> list[Candidate]:
    """What came of so many lists, shown in the order of a model to a third as many people."""
    rng = np.random.default_rng(seed)
    found: list[Candidate] = []
    for at in range(number):
        asker = int(rng.integers(0, max(number // 3, 1)))
        drawn = sorted((draw_candidate(rng) for _ in range(30)), key=lambda one: -score(one.measured, shown_by))[:12]
        found += [
            replace(one, asker=asker, at=float(at), place=place, outcome=answering(rng, one, place))
            for place, one in enumerate(drawn)
        ]
    return found


def liking(worth: Worth, clearly: float = 40.0) -> Answering:
    """Answer by the score under `worth`, and the rarer the further down."""
    middle = 450 * worth.scale

    def answer(rng: np.random.Generator, one: Candidate, place: int) -> str:
        if rng.random() > 1 / np.log2(place + 2):
            return UNTOUCHED
        wanted = rng.random() < 1 / (1 + np.exp((middle - score(one.measured, worth)) / (clearly * worth.scale)))
        return str(rng.choice((LED, ACCEPTED), p=(0.2, 0.8))) if wanted else NOT_FOR_ME

    return answer


def by_place(likely: Callable[[int], float]) -> Answering:
    """Answer by the place alone, whoever stands there."""

    def answer(rng: np.random.Generator, _one: Candidate, place: int) -> str:
        if rng.random() > 1 / np.log2(place + 2):
            return UNTOUCHED
        return ACCEPTED if rng.random() < likely(place) else NOT_FOR_ME

    return answer


def at_random(rng: np.random.Generator, one: Candidate, place: int) -> str:
    """Answer by chance, the rarer the further down."""
    if rng.random() > 1 / np.log2(place + 2):
        return UNTOUCHED
    return str(rng.choice((ACCEPTED, NOT_FOR_ME), p=(0.3, 0.7)))
