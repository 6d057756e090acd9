"""Forms of threads, and the choice of the language a text is written in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from app.core.actor import Actor
from app.core.locales import LOCALES
from app.core.web.forms import AtMost, Form, TextField
from app.features.profiles.queries.reading import primary
from app.features.threads.models import LONGEST_MESSAGE
from app.features.vocabularies.queries import autonym


def language_choices(actor: Actor, first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The languages somebody may write in, in their own names; of the likely ones those that they read come first.

    What one does not read one hardly writes: a text left under such a language is folded away for its own writer.
    """
    known, likely = {primary(tag) for tag in actor.languages}, list(first)
    read = [tag for tag in likely if primary(tag) in known]
    tags = dict.fromkeys([*read, *actor.languages, *likely, *(locale.code for locale in LOCALES)])
    return [(tag, autonym(tag)) for tag in tags]


class LanguageSelect(SelectField):
    """The language of a text; a tag that is not among the choices is judged by the service, not by the list."""

    def __init__(self, label: object = None, **options: object) -> None:
        super().__init__(label or _l("Language you write in"), choices=[], validate_choice=False, **options)


class Wanted:
    """Marks a field that must be filled in; the service says so where it is not."""

    field_flags = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Nothing to check here."""


class MessageForm(Form):
    """A message in a thread."""

    text = TextField(_l("Your message"), validators=[Wanted(), AtMost(LONGEST_MESSAGE)])
    lang = LanguageSelect()
    token = HiddenField()

    def renew(self) -> None:
        """Give the form a token of its own, by which a second sending is known."""
        self.token.data = secrets.token_hex(16)
