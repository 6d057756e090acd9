"""Forms of renditions: asking for one, and writing one beside its original."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from app.core.actor import Actor
from app.core.locales import LOCALES
from app.core.registries import Original
from app.core.web.forms import AtMost, Form, LineField, TextField
from app.core.web.i18n import translate
from app.features.profiles.queries.reading import primary
from app.features.renditions.models import Rendition
from app.features.renditions.services.writing import limit_of
from app.features.vocabularies.queries import autonym, label

# Up to here, and in one line, a text is a title or a name and gets a field of one line.
ONE_LINE = 160


def target_choices(actor: Actor, original: Original, locale: str, first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The languages somebody may want it in: their own first, then those of the interface."""
    tags = dict.fromkeys([*first, *actor.languages, *(one.code for one in LOCALES)])
    return [
        (tag, f"{label('language', tag, locale)} – {autonym(tag)}")
        for tag in tags
        if primary(tag) != primary(original.lang)
    ]


class AskForm(Form):
    """Wish for a translation."""

    lang = SelectField(_l("Language you would like it in"), validate_choice=False)


class ReviewForm(Form):
    """Say that a wording is right, as it was read."""

    version = HiddenField()


class TranslateForm(Form):
    """The base of `translate_form`: what must not have changed while somebody wrote."""

    version = HiddenField()
    of_version = HiddenField()

    def number(self, name: str) -> int:
        """A hidden number as it was sent; one that never was if the field was tampered with."""
        text = str(self._fields[name].data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1

    def texts(self) -> dict[str, str]:
        """What was written, by the original's own names of the fields."""
        return {name[2:]: field.data or "" for name, field in self._fields.items() if name.startswith("t_")}

    def under(self, name: str) -> str:
        """The field of the form that holds the translation of a field of the original."""
        return f"t_{name}"


def translate_form(original: Original, rendition: Rendition | None, fresh: bool) -> TranslateForm:
    """The form with a field for each text of the original; ``fresh``: as it is first shown, not as it was sent."""

    class OfOriginal(TranslateForm):
        pass

    kept = dict(rendition.fields) if rendition is not None else {}
    for name, text in original.fields.items():
        if not text:
            continue
        kind = LineField if len(text) <= ONE_LINE and "\n" not in text and name not in original.markdown else TextField
        words = _("%(part)s, translated", part=translate(original.labels.get(name, name)))
        setattr(OfOriginal, f"t_{name}", kind(words, validators=[AtMost(limit_of(text))]))
    data = {f"t_{name}": kept.get(name, "") for name in original.fields}
    data |= {"version": rendition.version if rendition is not None else 0, "of_version": original.version}
    return OfOriginal(formdata=None, data=data) if fresh else OfOriginal(data=data)
