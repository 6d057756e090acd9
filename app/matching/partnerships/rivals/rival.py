"""What every rival is: made of the past with some settings, and able to score everybody for whoever asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from app.matching.partnerships.history import Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.past import Past

Settings = Mapping[str, float | str]


class Rival(ABC):
    """One way of ranking. ``grid`` are the settings to choose from on an earlier window; one if nothing is chosen."""

    grid: ClassVar[tuple[Settings, ...]] = ({},)

    @abstractmethod
    def __init__(self, past: Past, settings: Settings, seed: int) -> None:
        """Learn from the past alone."""

    @abstractmethod
    def scores(self, queries: Integers) -> Scores:
        """Return a score of everybody for each of ``queries``, shape (q, N); who is removed is none of its business."""


def number(settings: Settings, name: str) -> float:
    """Return a setting that is a number."""
    return float(settings[name])
