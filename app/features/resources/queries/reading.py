"""A resource of the tables as plain values."""

from __future__ import annotations

from app.features.resources.models import LANGUAGE, LEVEL, SUBJECT, PracticeNote, Resource
from app.features.resources.values import NoteValues, OriginValues, ResourceValues


def values_of(resource: Resource) -> ResourceValues:
    """Everything that is said of a resource."""
    return ResourceValues(
        url=resource.url,
        title=resource.title,
        description=resource.description,
        lang=resource.lang,
        licence=resource.licence,
        type=resource.type,
        authors=tuple(resource.authors),
        formats=tuple(resource.formats),
        audiences=tuple(resource.audiences),
        subjects=resource.codes(SUBJECT),
        levels=resource.codes(LEVEL),
        languages=resource.codes(LANGUAGE),
        origins=tuple(OriginValues(o.url, o.relation, o.licence) for o in resource.origins),
    )


def note_values_of(note: PracticeNote) -> NoteValues:
    """Everything that is said in a practice note."""
    return NoteValues(
        title=note.title,
        lang=note.lang,
        tried=note.tried,
        adapted=note.adapted,
        happened=note.happened,
        again=note.again,
        country=note.country or "",
        subject=note.subject or "",
        level=note.level or "",
        language=note.language or "",
        class_size=note.class_size or "",
        connectivity=note.connectivity or "",
        resource=str(note.resource_id or ""),
    )
