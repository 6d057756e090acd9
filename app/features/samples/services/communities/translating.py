"""The translations that members made, and those that are wished for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.features.profiles.queries.reading import primary
from app.features.renditions.models import Rendition, RenditionAsker, RenditionRequest
from app.features.samples.services.communities.known import Known, Row, write_numbered, write_rows
from app.features.samples.world.community_shapes import SampleCommunity, SampleRendition, SampleWish

Fields = Mapping[str, str]


class Translations:
    """Gathers translations and wishes while the things they belong to are written."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.rows: list[Row] = []
        self.wishes: list[tuple[Row, list[int]]] = []

    def add(
        self, kind: str, thing_id: int, lang: str, version: int, fields: Fields, made: Sequence[SampleRendition],
        former: Fields | None = None,
    ) -> None:  # fmt: skip
        """The translations of one thing; ``former``: what it said when the stale ones were made."""
        for one in made:
            stale = one.stale and former is not None
            source = former if stale and former is not None else fields
            at = self.known.at(one.days_ago)
            texts = {name: self.known.words(text) for name, text in one.fields.items() if fields.get(name)}
            self.rows.append({
                "kind": kind, "thing_id": thing_id, "lang": one.lang, "fields": texts, "source": dict(source),
                "source_lang": lang, "of_version": version - 1 if stale else version,
                "by_person_id": self.known.ids[one.by], "reviewed_by": self.known.person(one.reviewed_by),
                "reviewed_at": self.known.at(one.days_ago / 2) if one.reviewed_by else None,
                "created_at": at, "updated_at": at,
            })  # fmt: skip

    def add_community(self, community: SampleCommunity) -> None:
        """The translations of what a community says of itself, and of its charter in force."""
        place, lang = self.known.places[community.slug], community.facts["lang"]
        own = {"name": community.facts["name"], "summary": community.facts.get("summary", "")}
        self.add("community", place, lang, 1, {**own, **community.facts["canvas"]}, community.renditions)
        charter, version = community.charters[-1], len(community.charters)
        former = community.charters[-2].parts if version > 1 else None
        self.add("charter", place, lang, version, charter.parts, community.charter_renditions, former)

    def wish(self, kind: str, thing_id: int, lang: str, wish: SampleWish, days_ago: float) -> None:
        """A wish for a translation, and those who have it."""
        at = self.known.at(days_ago)
        row: Row = {
            "kind": kind, "thing_id": thing_id, "lang": wish.lang, "lang_base": primary(wish.lang),
            "source_base": primary(lang), "open_key": f"{kind}:{thing_id}:{wish.lang}", "created_at": at,
        }  # fmt: skip
        self.wishes.append((row, [self.known.ids[handle] for handle in wish.by]))

    def write(self, session: Session) -> None:
        """Write everything that was gathered."""
        write_rows(session, Rendition, self.rows)
        numbers = write_numbered(session, RenditionRequest, [row for row, _people in self.wishes])
        askers = (
            {"request_id": number, "person_id": person, "at": row["created_at"]}
            for number, (row, people) in zip(numbers, self.wishes, strict=True)
            for person in people
        )
        write_rows(session, RenditionAsker, askers)
