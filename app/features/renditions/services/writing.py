"""Writing renditions: new wordings by people and machines, and the word of another reader that one is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.cleaning import clean_text
from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.core.registries import Original
from app.features.profiles.queries.reading import primary
from app.features.relations.queries import list_blocked_ids
from app.features.renditions.models import Rendition, RenditionVersion
from app.features.renditions.policies import can_review, can_translate
from app.features.renditions.queries import title_of_original
from app.features.renditions.queries.renditions import find_rendition, list_levels
from app.features.renditions.services.asking import answer_request, check_free, check_language
from app.features.vocabularies.queries import autonym

LONGEST, SHORTEST_LIMIT = 40_000, 500


class ChangedElsewhere(Conflict):
    """Somebody else saved a wording since the form was opened."""

    message = N_("Somebody saved another wording while you were writing. Nothing was overwritten; yours is still here.")


class OriginalChanged(Conflict):
    """The original is another one than the translator had before them."""

    message = N_(
        "The original changed while you were writing. Your words are still here; please compare and save again."
    )


class BothLanguagesNeeded(Forbidden):
    """Only those who have both languages write translations."""

    message = N_("To translate this, your profile needs both languages at level B2 or higher.")


def limit_of(text: str) -> int:
    """How long a translation may be: other languages need more room, but not any amount of it."""
    return min(LONGEST, max(SHORTEST_LIMIT, 4 * len(text)))


def save_rendition(
    session: Session,
    actor: Actor,
    original: Original,
    lang: str,
    fields: Mapping[str, str],
    opened_at: int,
    of_version: int,
) -> Rendition:
    """Keep a person's wording. ``opened_at``: the rendition's version when the form was opened, 0 if there was none;
    ``of_version``: that of the original they had before them. Earlier wordings are kept with who wrote them.
    """
    tag = check_language(original, lang)
    levels = list_levels(session, actor.person_id)
    if not can_translate(actor, levels, primary(original.lang), primary(tag)):
        raise BothLanguagesNeeded
    check_free(session, actor, original)
    texts = _checked(original, fields)
    if of_version != original.version:
        raise OriginalChanged
    before = find_rendition(session, original.kind, original.thing_id, tag)
    if before is not None and before.hidden_at is not None:
        raise Forbidden(N_("A moderator took this translation out of sight."))
    if before is not None and _is_sent_twice(before, actor, texts, opened_at):
        return before
    if (before.version if before else 0) != opened_at:
        raise ChangedElsewhere
    if before is not None and dict(before.fields) == texts and not before.machine:
        return _confirm(session, before, original)
    writer = before.by_person_id if before is not None else None
    try:
        written = _write(session, original, tag, texts, before, by=actor.person_id, machine=False)
    except ChangedElsewhere:
        there = find_rendition(session, original.kind, original.thing_id, tag)
        if there is None or not _is_sent_twice(there, actor, texts, opened_at):
            raise
        return there
    _tell_writer(session, actor, writer, written, original, "translation_corrected")
    if len(texts) == len([text for text in original.fields.values() if text]):
        answer_request(session, actor, original, tag)
    return written


def _is_sent_twice(there: Rendition, actor: Actor, texts: dict[str, str], opened_at: int) -> bool:
    """Whether the wording that is there came from the same form, sent a moment ago."""
    return there.by_person_id == actor.person_id and there.version == opened_at + 1 and dict(there.fields) == texts


def _checked(original: Original, fields: Mapping[str, str]) -> dict[str, str]:
    """The texts, cleaned; those left empty are not translated yet."""
    wanted = [name for name, text in original.fields.items() if text]
    texts = {name: cleaned for name in wanted if (cleaned := clean_text(fields.get(name)))}
    wrong: dict[str, Text] = {}
    for name, text in texts.items():
        limit = limit_of(original.fields[name])
        if len(text) > limit:
            values = {"length": len(text), "limit": limit}
            wrong[name] = Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)
    if not texts:
        wrong[wanted[0]] = Text(N_("Please write something."))
    if wrong:
        raise Invalid(wrong)
    return texts


def _confirm(session: Session, rendition: Rendition, original: Original) -> Rendition:
    """The same words again: they hold for the original as it is now."""
    return _change(session, rendition, {"of_version": original.version, "source": dict(original.fields)})


def _change(session: Session, rendition: Rendition, values: dict[str, Any]) -> Rendition:
    """Change a rendition, unless somebody else just did."""
    changed = session.scalar(
        update(Rendition)
        .where(Rendition.id == rendition.id, Rendition.version == rendition.version)
        .values(**values, version=rendition.version + 1)
        .returning(Rendition.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise ChangedElsewhere
    session.refresh(rendition)
    return rendition


def _write(
    session: Session,
    original: Original,
    lang: str,
    texts: dict[str, str],
    before: Rendition | None,
    by: int | None,
    machine: bool,
) -> Rendition:
    values = {
        "fields": texts, "source": dict(original.fields), "source_lang": original.lang, "of_version": original.version,
        "by_person_id": by, "machine": machine, "updated_at": now(), "reviewed_by": None, "reviewed_at": None,
    }  # fmt: skip
    if before is not None:
        earlier = RenditionVersion(
            rendition_id=before.id, version=before.version, fields=dict(before.fields), of_version=before.of_version,
            by_person_id=before.by_person_id, machine=before.machine, at=before.updated_at,
        )  # fmt: skip
        rendition = _change(session, before, values)
        session.add(earlier)
        session.flush()
        return rendition
    same = {"kind": original.kind, "thing_id": original.thing_id, "lang": lang}
    new = insert_unless_there(session, Rendition, **same, **values, created_at=now(), version=1)
    if session.scalar(new.returning(Rendition.id)) is None:
        raise ChangedElsewhere
    written = find_rendition(session, original.kind, original.thing_id, lang)
    assert written is not None
    return written


def save_machine_rendition(session: Session, original: Original, lang: str, texts: dict[str, str]) -> bool:
    """Keep a machine's wording; False where a person has written or confirmed one in the meantime."""
    before = find_rendition(session, original.kind, original.thing_id, lang)
    if before is not None and (not before.machine or before.reviewed_at is not None or before.hidden_at is not None):
        return False
    try:
        _write(session, original, lang, texts, before, by=None, machine=True)
    except ChangedElsewhere:
        return False
    return True


def review_rendition(session: Session, actor: Actor, original: Original, rendition: Rendition, version: int) -> None:
    """Say that a wording is right, as it was read (``version``)."""
    levels = list_levels(session, actor.person_id)
    if not can_review(actor, rendition, levels, primary(original.lang), primary(rendition.lang)):
        raise Forbidden
    check_free(session, actor, original)
    if rendition.version != version:
        raise ChangedElsewhere(N_("The wording changed since you read it. Please read it once more."))
    _change(session, rendition, {"reviewed_by": actor.person_id, "reviewed_at": now()})
    _tell_writer(session, actor, rendition.by_person_id, rendition, original, "translation_reviewed")
    answer_request(session, actor, original, rendition.lang)


def _tell_writer(
    session: Session, actor: Actor, writer: int | None, rendition: Rendition, original: Original, kind: str
) -> None:
    """Let whoever wrote a wording know what became of it."""
    if writer is None or actor.person_id in (None, writer) or writer in list_blocked_ids(session, actor.person_id or 0):
        return
    tell(session, [writer], kind, title=title_of_original(original), language=autonym(rendition.lang),
         kind=original.kind, thing_id=original.thing_id, lang=rendition.lang)  # fmt: skip


def hide_rendition(session: Session, rendition_id: int, hidden: bool) -> None:
    """Take a rendition out of sight, or show it again."""
    rendition = session.get(Rendition, rendition_id)
    if rendition is not None:
        rendition.hidden_at = now() if hidden else None
        session.flush()
