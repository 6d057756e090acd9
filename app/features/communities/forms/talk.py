"""Forms of threads: a new thread, an answer, another wording, and the tools of those who keep order."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectField

from app.core.actor import Actor
from app.core.web.forms import AtMost, Form, LineField, TextField
from app.features.communities.services.talk.order import LONGEST_REASON
from app.features.threads.forms import LanguageSelect, Wanted, language_choices
from app.features.threads.models import LONGEST_POST, LONGEST_TITLE, Draft


def _number(text: str | None) -> int | None:
    """A row's number from a hidden field, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


class PostForm(Form):
    """What is written in a thread, and its language."""

    text = TextField(_l("Your post"), validators=[Wanted(), AtMost(LONGEST_POST)])
    lang = LanguageSelect()

    def offer_languages(self, actor: Actor, first: Iterable[str | None] = ()) -> None:
        """Let the writer choose among the likely languages; one they chose already stays chosen."""
        likely = [self.lang.data, *first]
        self.lang.choices = language_choices(actor, [tag for tag in likely if tag])
        self.lang.data = self.lang.data or self.lang.choices[0][0]


class AnswerForm(PostForm):
    """A new post. ``seen`` is the moment of the draft it began from, by which a second tab is noticed."""

    answers = HiddenField()
    seen = HiddenField()
    token = HiddenField()

    @property
    def answers_id(self) -> int | None:
        """The post it answers."""
        return _number(self.answers.data)

    def renew(self) -> None:
        """Give the form a token of its own, by which a second sending is known."""
        self.token.data = secrets.token_hex(16)

    def take_draft(self, draft: Draft) -> None:
        """Begin with what was kept."""
        self.text.data, self.lang.data = draft.text, draft.lang
        self.answers.data = str(draft.answers_id or "")
        self.seen.data = draft.updated_at.isoformat()


class NewThreadForm(AnswerForm):
    """A new thread: its title and its first post, in one language."""

    title = LineField(_l("Title"), validators=[Wanted(), AtMost(LONGEST_TITLE)])

    def __iter__(self) -> Iterator[Field]:
        """The fields as they stand on the page: what is missing is told in the same order."""
        return iter(sorted(super().__iter__(), key=lambda field: field.name != "title"))

    def take_draft(self, draft: Draft) -> None:
        """Begin with what was kept."""
        super().take_draft(draft)
        self.title.data = draft.title


class EditPostForm(PostForm):
    """Another wording of a post. ``version`` is the one it was begun from."""

    version = HiddenField()

    @property
    def begun_from(self) -> int:
        """The version that the writer saw; 0 for none."""
        return _number(self.version.data) or 0


class ReasonForm(Form):
    """A deed of those who keep order, with its reason."""

    reason = TextField(_l("Reason"), validators=[AtMost(LONGEST_REASON)])


class TitleForm(Form):
    """Another title."""

    title = LineField(_l("Title"), validators=[Wanted(), AtMost(LONGEST_TITLE)])


class SplitForm(ReasonForm):
    """The title of the thread that some posts become."""

    title = LineField(_l("Title of the new thread"), validators=[Wanted(), AtMost(LONGEST_TITLE)])
    token = HiddenField()

    def renew(self) -> None:
        """Give the form a token of its own, by which a second sending is known."""
        self.token.data = secrets.token_hex(16)


class MoveForm(ReasonForm):
    """Where a thread goes."""

    community = SelectField(_l("To which community"), choices=[], validate_choice=False)


class JoinForm(ReasonForm):
    """Which thread it becomes part of."""

    target = SelectField(_l("To which thread"), choices=[], validate_choice=False)

    @property
    def target_id(self) -> int:
        """The number of that thread; 0 for none."""
        return _number(self.target.data) or 0
