"""A community with something on each of its pages, built of people of the sample world."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.tokens import hash_token
from app.features.communities.models import (
    ASKED,
    FACILITATOR,
    LINK,
    Charter,
    CharterOffer,
    Community,
    CommunityDraft,
    HouseLog,
    HouseReport,
    Invitation,
)
from app.features.communities.services.networks import ensure_networks
from app.features.events.models import Event, EventAnswer, EventLoad
from app.features.notifications.models import Notice
from app.features.profiles.models import DelegationInvitation, Institution, Person, ProfileHours, ProfileLanguage
from app.features.renditions.models import Rendition, RenditionAsker, RenditionRequest
from app.features.threads.models import Mention, Post, PostVersion, Reaction
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_institution
from tests.support.resources import make_note, make_resource, make_review

SLUG, CHAPTER, ASKING, CLOSED_DOOR = "halves-and-thirds", "halves-in-kenya", "halves-by-asking", "halves-by-invitation"
CANVAS = {
    "domain": "How pupils **understand** fractions before they calculate with them.",
    "people": "Teachers of children of 10 to 14, many with large classes.",
    "practice": "Each month we try one game on paper and tell each other what happened.",
    "languages": "Write in the language you think in; others ask for what they do not read.",
    "rhythm": "One thread a week, one meeting a month.",
}
POSTS = (
    ("fr", "Nous plions d’abord la feuille, puis nous parlons. Qui a essayé avec **soixante** élèves ?"),
    ("ar", "نبدأ بطيّ الورقة، ثم نقارن بين الأجزاء. التلاميذ يحبّون ذلك."),
    ("sw", "Tunatumia maembe badala ya karatasi; watoto wanaelewa haraka."),
    ("en", "> Who tried it with sixty pupils?\n\nI did, in pairs. See https://example.org/pairs for the sheet."),
)


class House:
    """Builds it, topic by topic; ``found`` holds what addresses need."""

    def __init__(self, session: Session, known: dict[str, str]) -> None:
        self.session, self.known = session, known
        people = session.scalars(select(Person).where(Person.sample).order_by(Person.id).limit(60)).all()
        taken = {known["person"], known["owner"]}
        rest = [person for person in people if person.handle not in taken]
        self.person = next(person for person in people if person.handle == known["person"])
        self.keeper, self.writer, self.stranger, self.newcomer = rest[:4]
        self.others = rest[4:24]
        self.found = {
            "keeper": self.keeper.handle,
            "writer": self.writer.handle,
            "stranger": self.stranger.handle,
            "slug": SLUG,
            "chapter": CHAPTER,
            "asking": ASKING,
            "closed_door": CLOSED_DOOR,
            "five": "&".join(f"people={person.id}" for person in (self.keeper, self.writer, *rest[4:7])),
            "first": (now() + timedelta(days=2)).date().isoformat(),
        }

    def build(self) -> dict[str, str]:
        """Everything; what the addresses of its pages need."""
        facets = {"subject": ["0541"], "language": ["en", "fr", "ar", "sw"], "level": ["2"], "place": ["202"]}
        words = {"name": "Halves and thirds", "summary": "Mathematics with paper, mangoes and large classes."}
        asks = ["What do you teach, and where?", "What would you like to try with us?"]
        self.community = make_community(
            self.session, SLUG, self.keeper, facets, canvas=CANVAS, first_task="Tell us of one lesson.",
            questions=asks, sample=True, **words,
        )  # fmt: skip
        self._members()
        self._talk()
        self._charter()
        self._events()
        self._shared()
        self._order()
        self._translations()
        self._doors()
        self._institutions()
        self._news()
        ensure_networks(self.session)
        self.session.flush()
        return self.found

    def _members(self) -> None:
        add_member(self.session, self.community, self.writer, joined_at=now() - timedelta(days=80), buddy_willing=True)
        add_member(self.session, self.community, self.person, joined_at=now() - timedelta(days=70), active_at=now())
        for number, person in enumerate(self.others[:14]):
            role = FACILITATOR if number == 0 else "member"
            add_member(
                self.session, self.community, person, role, joined_at=now() - timedelta(days=60), active_at=now()
            )
        add_member(self.session, self.community, self.newcomer, joined_at=now() - timedelta(days=9))
        add_member(
            self.session, self.community, self.others[15], state=ASKED, asked_at=now(), joined_at=None,
            answers=["Mathematics, in a village school.", "The folding game."], answers_lang="en",
        )  # fmt: skip
        for person in (self.keeper, self.writer):
            self.session.add_all(
                ProfileHours(profile_id=person.id, weekday=day, begin=480, end=960) for day in range(5)
            )

    def _news(self) -> None:
        """So much that its number stands in the head of each page: there it needs room on a small phone."""
        self.session.add_all(
            Notice(key=f"news-{number}", person_id=person.id, kind="community_invited", values={})
            for person in (self.person, self.keeper, self.writer)
            for number in range(100)
        )

    def _talk(self) -> None:
        long_ago = now() - timedelta(days=40)
        for number, (lang, title) in enumerate(
            [("en", "Which game first?"), ("ar", "كيف تشرحون الكسور بلا أوراق؟"), ("sw", "Sehemu na wakati")]
        ):
            make_thread(self.session, self.community, self.others[number], title, POSTS[number][1], lang, long_ago)
        thread = make_thread(
            self.session, self.community, self.writer, "How do you begin with fractions?",
            "We fold paper first. **Then** we talk about halves.", "en", long_ago,
        )  # fmt: skip
        thread.pinned = True
        first = self.session.scalars(select(Post).where(Post.thread_id == thread.id)).one()
        posts = [
            make_post(self.session, thread, self.others[i], text, lang, long_ago + timedelta(days=i + 1))
            for i, (lang, text) in enumerate(POSTS)
        ]
        posts[3].answers_id = posts[0].id
        own = make_post(self.session, thread, self.person, "Folding works here, too: in the dust.", "en")
        own.version, own.edited_at = 2, now()
        self.session.add(PostVersion(post_id=own.id, version=1, text="Folding works here.", lang="en", at=long_ago))
        lonely = make_post(self.session, thread, self.newcomer, "I am new and have a question about thirds.", "en")
        self.session.add(Reaction(post_id=first.id, person_id=self.person.id, kind="thanks"))
        self.session.add(Reaction(post_id=posts[3].id, person_id=self.writer.id, kind="useful"))
        self.session.add(Mention(post_id=posts[3].id, person_id=self.person.id))
        hidden = make_post(self.session, thread, self.others[6], "Buy my book.", "en")
        hidden.hidden_at = now()
        self._log("hide", "post", hidden.id, self.others[6].id, "We do not sell here.")
        self.posts = posts
        self.found |= {"talk": str(thread.id), "post": str(own.id), "post_fr": str(posts[0].id)}
        self.found |= {"post_en": str(posts[3].id), "lonely": str(lonely.id)}

    def _log(self, action: str, kind: str, thing_id: int, person_id: int, reason: str) -> None:
        self.session.add(
            HouseLog(
                community_id=self.community.id,
                by_person_id=self.keeper.id,
                action=action,
                kind=kind,
                thing_id=thing_id,
                person_id=person_id,
                reason=reason,
            )
        )

    def _charter(self) -> None:
        old = self.session.scalars(select(Charter).where(Charter.community_id == self.community.id)).one()
        parts = {**old.parts, "talk": "Kindly, in **any** language. We ask before we judge."}
        newer = Charter(
            community_id=self.community.id, version=2, lang="en", parts=parts, created_by=self.keeper.id,
            note="We now say that every language is welcome.",
        )  # fmt: skip
        self.session.add(newer)
        chapter = make_community(
            self.session, CHAPTER, self.keeper, {"subject": ["0541"]}, name="Halves in Kenya", canvas=CANVAS,
            parent_id=self.community.id, chapter_kind="country", chapter_code="KE",
        )  # fmt: skip
        add_member(self.session, chapter, self.person)
        own = self.session.scalars(select(Charter).where(Charter.community_id == chapter.id)).one()
        own.base_id = old.id
        own.parts = {**own.parts, "rhythm": "", "decide": "We decide after the harvest, when all have time."}
        self.session.flush()
        offer = CharterOffer(
            chapter_id=chapter.id, parent_id=self.community.id, part="decide", text=own.parts["decide"], lang="en",
            note="This keeps everybody on board.", offered_by=self.keeper.id,
        )  # fmt: skip
        self.session.add(offer)
        self.session.flush()
        self.found["offer"] = str(offer.id)

    def _event(self, title: str, starts_in: timedelta, **values: object) -> Event:
        moment = (now() + starts_in).replace(minute=0, second=0, microsecond=0)
        mark = f"house-{title.lower().replace(' ', '-')}"
        event = Event(
            community_id=self.community.id, uid=f"{mark}@example.org", token=mark, title=title, lang="en",
            starts_at=moment, zone="Africa/Nairobi", languages=["en", "fr"], created_by=self.keeper.id, sample=True,
            **values,
        )  # fmt: skip
        self.session.add(event)
        self.session.flush()
        return event

    def _events(self) -> None:
        coming = self._event(
            "Folding together",
            timedelta(days=5),
            description="Bring *one* sheet.",
            agenda="1. Hello\n2. Fold\n3. Tell",
            link="https://example.org/room",
            interpretation=[["en", "fr"]],
            capacity=30,
            yes_count=1,
        )
        past = self._event(
            "What we tried in June", timedelta(days=-30), notes="We tried **three** games.", notes_lang="en",
            recording="https://example.org/recording",
        )  # fmt: skip
        self._event("A meeting that fell through", timedelta(days=9), state="cancelled", cancel_reason="Exams.")
        self.session.add(EventAnswer(event_id=coming.id, person_id=self.writer.id, answer="yes"))
        self.session.add_all(
            EventLoad(event_id=coming.id, person_id=p.id, points=n) for n, p in enumerate((self.keeper, self.person))
        )
        own = self._event("What I plan", timedelta(days=12))
        own.created_by = self.person.id
        self.found |= {"event": str(coming.id), "event_past": str(past.id), "event_own": str(own.id)}

    def _shared(self) -> None:
        made = {"formats": ("application/pdf",), "levels": ("2",), "authors": ("Made Up",)}
        book = make_resource(self.session, self.writer, "Thirty games with paper", **made)
        other = make_resource(self.session, self.person, "Trente jeux de papier", lang="fr", languages=("fr",), **made)
        inside = make_resource(
            self.session, self.writer, "A sheet for pairs", self.community, made_from=[book.url], **made
        )
        for person, answer in zip((self.person, self.keeper, self.others[0]), (4, 3, 2), strict=True):
            make_review(
                self.session, book, person, answer, country="KE", language="en", text="Short and clear.", lang="en"
            )
        note = make_note(
            self.session, self.community, self.person, "Halves of a mango", country="KE", subject="0541", level="2",
            class_size="61-", connectivity="none", resource_id=book.id, adapted="Mangoes in place of paper.",
        )  # fmt: skip
        self.found |= {"resource": str(book.id), "resource_own": str(other.id), "resource_inside": str(inside.id)}
        self.found["note"] = str(note.id)

    def _order(self) -> None:
        reported = self.posts[2]
        about = reported.author_id
        for by, state in ((self.person, "open"), (self.others[5], "decided")):
            report = HouseReport(
                community_id=self.community.id, by_person_id=by.id, about_id=about, kind="post",
                thing_id=reported.id, reason="off_topic", note="This is about fruit.", lang="en", state=state,
            )  # fmt: skip
            if state == "open":
                report.open_key = f"{by.id}:post:{reported.id}"
            else:
                report.outcome, report.decided_at, report.decided_by = "left", now(), self.keeper.id
            self.session.add(report)
            self.session.flush()
            self.found[f"report_{state}"] = str(report.id)
        muted = self.others[6]
        self._log("mute", "person", muted.id, muted.id, "Please listen for a week.")
        self.found["muted"] = muted.handle

    def _translations(self) -> None:
        """A member who has French and English; a translation that waits to be read, and one that is asked for."""
        known = {language.tag for language in self.person.languages}
        for tag in ("en", "fr"):
            if tag in known:
                next(one for one in self.person.languages if one.tag == tag).level = 6
            else:
                self.person.languages.append(ProfileLanguage(tag=tag, level=6))
        post = self.posts[0]
        self.session.add(
            Rendition(
                kind="post",
                thing_id=post.id,
                lang="en",
                source_lang="fr",
                of_version=1,
                source={"text": post.text},
                fields={"text": "We fold the sheet first, then we talk."},
                by_person_id=self.writer.id,
            )
        )
        asked = RenditionRequest(
            kind="post", thing_id=self.posts[3].id, lang="fr", lang_base="fr", source_base="en",
            open_key=f"post:{self.posts[3].id}:fr",
        )  # fmt: skip
        self.session.add(asked)
        self.session.flush()
        self.session.add(RenditionAsker(request_id=asked.id, person_id=self.writer.id))
        self.found["community_id"] = str(self.community.id)

    def _doors(self) -> None:
        link = Invitation(
            community_id=self.community.id, kind=LINK, code="house-door-7", by_person_id=self.person.id,
            expires_at=now() + timedelta(days=60),
        )  # fmt: skip
        self.session.add(link)
        asking = make_community(
            self.session, ASKING, self.keeper, joining="request", reading="members", sample=True,
            questions=["What do you teach, and where?"],
        )  # fmt: skip
        make_thread(self.session, asking, self.keeper)
        make_community(self.session, CLOSED_DOOR, self.keeper, joining="invitation", state="dormant", sample=True)
        plan = {
            "template": "subject", "lang": "en", "name": "Paper maps", "summary": "Geography with paper.",
            "languages": ["en"], "subjects": ["0532"], "joining": "open", "reading": "everyone",
            "inviting": "members", "licence": "CC-BY-4.0",
        }  # fmt: skip
        draft = CommunityDraft(person_id=self.person.id, data=plan)
        self.session.add(draft)
        self.session.flush()
        self.found |= {"link": str(link.id), "code": link.code, "draft": str(draft.id)}

    def _institutions(self) -> None:
        """One that nobody acts for, one to vouch for, and an invitation that went out by mail."""
        free = make_institution(self.session, "hill-school", name="Hill School", website="https://hill.example.org")
        free.claimed = False
        make_institution(self.session, "lake-school", owner=self.keeper, name="Lake School")
        own = self.session.scalars(select(Institution).where(Institution.handle == self.known["institution"])).one()
        own.verified_by = own.verified_by or "mail"
        owner = self.session.scalars(select(Person).where(Person.handle == self.known["owner"])).one()
        self.session.add(
            DelegationInvitation(
                institution_id=own.id,
                address="new@example.org",
                role="representative",
                invited_by_id=owner.id,
                token_hash=hash_token("a-mailed-way-in"),
                expires_at=now() + timedelta(days=9),
            )
        )
        self.found |= {"unclaimed": "hill-school", "vouched": "lake-school", "mailed": "a-mailed-way-in"}


def furnish(session: Session, known: dict[str, str]) -> dict[str, str]:
    """Build it, and add the liveliest community of the sample world, if that brings any."""
    lively = session.scalars(select(Community).where(Community.sample).order_by(Community.member_count.desc())).first()
    found = House(session, known).build()
    return {"lively": lively.slug if lively is not None else SLUG, **found}
