"""What a profile is found by: its names and texts as tokens, each marked with who may find it by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.core.text import analyse
from app.features.profiles.models import PARTS, InstitutionName, Person, Profile, ProfileTag, ProfileText
from app.features.profiles.search_table import AUDIENCE_MARKS, NAME, WORDS, stored_form, write_rows

CHUNK = 500


class _Tokens:
    """The tokens of profiles while they are gathered."""

    def __init__(self, audiences: Mapping[int, Mapping[str, str]]) -> None:
        self.audiences = audiences
        self.found: dict[int, set[str]] = defaultdict(set)

    def add(self, profile_id: int, part: str, kind: str, text: str | None, language: str | None = None) -> None:
        """Take in a text of a part; of an institution everything is open."""
        of_person = self.audiences.get(profile_id)
        audience = "everyone" if of_person is None else of_person.get(part, PARTS[part])
        mark = AUDIENCE_MARKS.get(audience)
        if mark is None or not text:
            return
        self.found[profile_id].update(mark + kind + stored_form(token) for token in analyse(text, language))


def _gather(session: Session, ids: Sequence[int]) -> _Tokens:
    people = session.execute(select(Person.id, Person.name, Person.audiences).where(Person.id.in_(ids))).all()
    tokens = _Tokens({row.id: row.audiences or {} for row in people})
    for row in people:
        tokens.add(row.id, "name", NAME, row.name)
    names = select(InstitutionName.institution_id, InstitutionName.name)
    for profile_id, name in session.execute(names.where(InstitutionName.institution_id.in_(ids))):
        tokens.add(profile_id, "name", NAME, name)
    for profile_id, city in session.execute(select(Profile.id, Profile.city).where(Profile.id.in_(ids))):
        tokens.found[profile_id]  # a profile without a word has its row, too
        tokens.add(profile_id, "place", WORDS, city)
    texts = select(ProfileText.profile_id, ProfileText.text, ProfileText.lang)
    for profile_id, text, lang in session.execute(texts.where(ProfileText.profile_id.in_(ids))):
        tokens.add(profile_id, "texts", WORDS, text, lang)
    tags = select(ProfileTag.profile_id, ProfileTag.tag).where(ProfileTag.profile_id.in_(ids))
    for profile_id, tag in session.execute(tags):
        tokens.add(profile_id, "texts", WORDS, tag)
    return tokens


def write_search_rows(session: Session, ids: Sequence[int]) -> None:
    """Make the search rows of these profiles say what the profiles say now, in the session's transaction."""
    for start in range(0, len(ids), CHUNK):
        found = _gather(session, ids[start : start + CHUNK]).found
        write_rows(session.connection(), [(i, sorted(tokens)) for i, tokens in sorted(found.items())])


def reindex_all(session: Session, advance: Callable[[int], None] = lambda done: None) -> int:
    """Write the search rows of every profile anew; returns how many there are."""
    done = last = 0
    while ids := session.scalars(select(Profile.id).where(Profile.id > last).order_by(Profile.id).limit(CHUNK)).all():
        write_search_rows(session, ids)
        done, last = done + len(ids), ids[-1]
        advance(len(ids))
    return done


def rebuild_after_restore(connection: Connection) -> None:
    """Write every search row after a backup was restored, which holds none."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        reindex_all(session)
        session.commit()
