"""A whole sample world from two numbers, without a database: `generate(people, seed)`."""

from __future__ import annotations

from app.features.samples.world.shapes import (
    CEFR_NAMES,
    NATIVE,
    SampleActivity,
    SampleConnection,
    SampleDelegate,
    SampleInstitution,
    SampleIntroduction,
    SampleLanguage,
    SamplePerson,
    World,
)

__all__ = [
    "CEFR_NAMES",
    "NATIVE",
    "SampleActivity",
    "SampleConnection",
    "SampleDelegate",
    "SampleInstitution",
    "SampleIntroduction",
    "SampleLanguage",
    "SamplePerson",
    "World",
]
