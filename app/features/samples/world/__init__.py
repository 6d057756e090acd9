"""A whole sample world from two numbers, without a database: `generate(people, seed)`."""

from __future__ import annotations

from random import Random

from app.features.samples.world.communities import make_communities
from app.features.samples.world.community_shapes import SampleCommunity
from app.features.samples.world.institutions import made_up_ones, real_ones
from app.features.samples.world.partnerships import make_projects
from app.features.samples.world.people import make_people
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
    SampleProject,
    World,
)
from app.features.samples.world.ties import make_ties

__all__ = [
    "CEFR_NAMES",
    "NATIVE",
    "SampleActivity",
    "SampleCommunity",
    "SampleConnection",
    "SampleDelegate",
    "SampleInstitution",
    "SampleIntroduction",
    "SampleLanguage",
    "SamplePerson",
    "SampleProject",
    "World",
    "generate",
]


def generate(people: int = 2000, seed: int = 1) -> World:
    """A world with that many made-up people; the same two numbers always give the same world."""
    rng = Random(seed)
    persons = make_people(rng, max(0, people))
    institutions = [*real_ones(), *made_up_ones(rng, persons)]
    connections, introductions = make_ties(rng, persons)
    # By numbers of their own, so that the people stay who they are whatever becomes of the communities.
    communities = make_communities(Random(f"communities {seed}"), persons, institutions)
    projects = make_projects(Random(f"projects {seed}"), institutions)
    ties = tuple(connections), tuple(introductions)
    return World(tuple(persons), tuple(institutions), *ties, communities, projects)
