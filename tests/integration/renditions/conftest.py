"""A kind of thing to translate that only these tests have, and people with languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core import registries
from app.core.actor import Actor
from app.core.database import Database
from app.core.registries import Original, Translatable, add_translatable
from tests.support.people import make_person

LABELS = {"title": "Title", "text": "Text"}


class Notes:
    """Things that can be translated: changed, and kept from some, as the test wants."""

    def __init__(self) -> None:
        self.rows: dict[int, Original] = {}
        self.only: dict[int, set[int]] = {}

    def add(
        self, number: int, lang: str = "fr", title: str = "Les fractions", text: str = "Bonjour à **tous**."
    ) -> None:
        """Put a thing there."""
        fields = {"title": title, "text": text}
        self.rows[number] = Original(
            kind="note", thing_id=number, title=title, lang=lang, version=1, fields=fields, labels=LABELS,
            markdown=frozenset({"text"}), endpoint="home.about", values={"note": number},
        )  # fmt: skip

    def change(self, number: int, **fields: str) -> None:
        """Change its words."""
        row = self.rows[number]
        self.rows[number] = replace(row, version=row.version + 1, fields={**row.fields, **fields})

    def load(self, _session: object, actor: Actor, number: int) -> Original | None:
        """What an actor may read of it."""
        only = self.only.get(number)
        return self.rows.get(number) if only is None or actor.person_id in only else None


@pytest.fixture
def notes() -> Iterator[Notes]:
    """The things to translate; number 7 is there from the start."""
    found = Notes()
    found.add(7)
    add_translatable(Translatable("note", found.load))
    yield found
    registries._translatable.pop("note", None)


@pytest.fixture
def people(database: Database) -> dict[str, int]:
    """Amina and Kofi have French and English, Wei has English only, Ines has French at a beginner's level."""
    languages = {
        "amina": [("fr", 7), ("en", 5), ("sw", 7)],
        "kofi": [("fr-CA", 4), ("en", 7)],
        "wei": [("en", 6), ("zh", 7)],
        "ines": [("en", 7), ("fr", 2)],
    }
    with database.transaction() as session:
        return {name: make_person(session, name, languages=rows).id for name, rows in languages.items()}
