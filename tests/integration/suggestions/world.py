"""A small world in which it is known who suits whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.features.profiles.models import Institution, Person
from tests.support.people import make_institution, make_person

OPEN = {"name": "everyone", "place": "everyone", "teaching": "everyone", "languages": "everyone", "texts": "everyone"}


def teacher(session: Session, handle: str, **values: Any) -> Person:
    """A teacher of mathematics at lower secondary in Kenya who works in Swahili and English, unless said otherwise."""
    said: dict[str, Any] = {
        "subjects": ["0541"],
        "levels": ["2"],
        "languages": [("sw", 7, True), ("en", 5, False)],
        "country": "KE",
    }
    return make_person(session, handle, **{**said, **values})


def make_world(session: Session) -> dict[str, Person | Institution]:
    """Amina and those around her: Baraka is most like her, Chen shares no language, Dalia is across a border."""
    amina = teacher(session, "amina", needs=[("translate", "0541", None)], offers=[("review", "0541", None)])
    return {
        "amina": amina,
        "baraka": teacher(session, "baraka"),
        "chausiku": teacher(session, "chausiku", subjects=["0533"]),
        "chen": teacher(session, "chen", country="CN", languages=[("zh", 7, True)]),
        "dalia": teacher(
            session,
            "dalia",
            country="TZ",
            offers=[("translate", "0541", None)],
            needs=[("review", "0541", None)],
            audiences=OPEN,
        ),
        "lin": teacher(session, "lin", country="SG", languages=[("zh", 7, True), ("en", 6, True)]),
        "college": make_institution(
            session,
            "college",
            owner=amina,
            country="KE",
            subjects=["0541"],
            levels=["2"],
            languages=[("sw", 7, True), ("en", 6, False)],
            type="teacher-college",
        ),
        "school": make_institution(
            session, "school", country="UG", subjects=["0541"], levels=["2"], languages=[("en", 7)], type="school"
        ),
        "empty": make_institution(
            session, "empty", country="UG", subjects=["0541"], levels=["2"], languages=[("en", 7)], claimed=False
        ),
    }
