"""The steps of founding a community, one form each; coordinators change it later in the same forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField

from app.core.web.forms import Form, LineField, TextField
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.features.communities.charter_texts import PART_HINTS, PART_LABELS
from app.features.communities.licences import LICENCES
from app.features.communities.models import CHARTER_PARTS
from app.features.communities.services.plans import STEPS, Plan
from app.features.profiles.forms.base import RowsForm
from app.features.profiles.forms.fields import PickerField
from app.features.threads.forms import LanguageSelect, Wanted, language_choices
from app.features.vocabularies.queries import options


class StepForm(RowsForm):
    """One step: its fields are called as in a plan."""

    step: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    version = HiddenField()

    @classmethod
    def of(cls, plan: Mapping[str, Any], version: int | None = None) -> StepForm:
        """The form with what is planned, or with what was sent."""
        form = cls(data={**cls.values(plan), "version": version})
        form.prepare(plan)
        return form

    @classmethod
    def values(cls, plan: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in the fields of a form just opened."""
        return {name: plan.get(name) for name in STEPS[cls.step]}

    def prepare(self, plan: Mapping[str, Any]) -> None:
        """Fill in choices that depend on the plan."""

    def answers(self) -> Plan:
        """What was answered, in the words of a plan."""
        return {name: self[name].data for name in STEPS[self.step]}

    def opened_at(self) -> int:
        """The version of the community when the form was opened; -1 if the field was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class DomainForm(StepForm):
    """What it is about."""

    step, title = "domain", _l("What it is about")
    lead = _l("The name is what people see first. Subjects, levels and places help the right people find it.")
    name = LineField(_l("Name of the community"), validators=[Wanted()])
    summary = TextField(
        _l("In one or two sentences"), validators=[Wanted()], description=_l("What is it about, and for whom?")
    )
    lang = LanguageSelect(_l("Language you write these texts in"))
    subjects = PickerField(_l("Subjects"), "subject")
    levels = SelectMultipleField(_l("Levels"), validate_choice=False)
    places = PickerField(_l("Countries or regions"), "place")
    canvas_domain = TextField(_l("What we are about"), description=_l("What do you care about together?"))

    def prepare(self, plan: Mapping[str, Any]) -> None:
        """The levels, and the languages that come to mind first."""
        self.levels.choices = [SelectChoice(o.code, o.label) for o in options("level", current_locale().code)]
        self.lang.choices = language_choices(
            current_actor(), [current_locale().code, *filter(None, [plan.get("lang")])]
        )


class PeopleForm(StepForm):
    """Who it is for, and in which languages."""

    step, title = "people", _l("People and languages")
    lead = _l("Name every language that people may write in. Who knows two of them can translate for the others.")
    languages = PickerField(_l("Languages of the community"), "language")
    canvas_people = TextField(_l("Who we are"), description=_l("Whom do you hope for? Who is welcome?"))
    canvas_languages = TextField(
        _l("Our languages"), description=_l("Who can read what, and how do you help each other to understand?")
    )


class PracticeForm(StepForm):
    """What is done together."""

    step, title = "practice", _l("What you do together")
    lead = _l("Small things that many can do are better than one large thing that few can do.")
    canvas_practice = TextField(_l("What we do together"), description=_l("A few lines; a dash begins each point."))


class RhythmForm(StepForm):
    """The rhythm and the beginning."""

    step, title = "rhythm", _l("Rhythm and first months")
    lead = _l("A community lives by what comes back. Choose a rhythm that busy people can keep.")
    canvas_rhythm = TextField(_l("Our rhythm"), description=_l("How often does something happen, and what?"))
    canvas_first_months = TextField(_l("The first three months"), description=_l("One thing for each month is enough."))


class SuccessForm(StepForm):
    """How one will know that it goes well."""

    step, title = "success", _l("What success looks like")
    lead = _l("Say it so that you can look at it together in three months and see whether it came true.")
    canvas_success = TextField(_l("What success looks like"))


class CharterForm(StepForm):
    """The basics of the charter."""

    step, title = "charter", _l("Charter")
    lead = _l(
        "Everyone who joins agrees to it. These words are a beginning; you can change every one of them, also later."
    )
    licence = SelectField(_l("Licence of what is made here"), validate_choice=False)

    def prepare(self, plan: Mapping[str, Any]) -> None:
        """The licences; those that make no open educational resource say so."""
        closed = gettext("not an open licence")
        self.licence.choices = [(one.code, one.name if one.oer else f"{one.name} ({closed})") for one in LICENCES]


for _part in CHARTER_PARTS:
    setattr(CharterForm, f"charter_{_part}", TextField(_l(PART_LABELS[_part]), description=_l(PART_HINTS[_part])))


class LinesField(TextField):
    """Lines of text, as a list."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if valuelist:
            self.data = [  # type: ignore[assignment]
                line.strip() for line in (self.data or "").splitlines() if line.strip()
            ]

    def _value(self) -> str:
        return "\n".join(self.data or [])


class JoiningForm(StepForm):
    """How people come in."""

    step, title = "joining", _l("How people join")
    lead = _l("Open is best for most: whoever comes to read is often the one who answers tomorrow.")
    joining = RadioField(
        _l("Who becomes a member?"),
        choices=[
            SelectChoice("open", _l("Everyone who wants to")),
            SelectChoice("request", _l("Those whom a coordinator lets in")),
            SelectChoice("invitation", _l("Only those who were invited")),
        ],
        validate_choice=False,
    )
    questions = LinesField(
        _l("Questions to those who ask to join"),
        description=_l(
            "At most five, each on a line of its own. They are asked only where a coordinator lets people in."
        ),
    )
    inviting = RadioField(
        _l("Who may invite?"),
        choices=[SelectChoice("members", _l("Every member")), SelectChoice("coordinators", _l("Coordinators only"))],
        validate_choice=False,
    )
    reading = RadioField(
        _l("Who reads what is written inside?"),
        choices=[SelectChoice("everyone", _l("Everyone, also guests")), SelectChoice("members", _l("Members only"))],
        validate_choice=False,
        description=_l("The name, this description and the charter are always open to everyone."),
    )
    first_task = TextField(
        _l("A first small task for newcomers"),
        description=_l("Something that takes five minutes, such as: tell us what you teach and where."),
    )


FORMS: dict[str, type[StepForm]] = {
    form.step: form
    for form in (DomainForm, PeopleForm, PracticeForm, RhythmForm, SuccessForm, CharterForm, JoiningForm)
}


class CheckForm(Form):
    """The last look: whom to invite, and the button that founds."""

    invited = SelectMultipleField(_l("Invite"), validate_choice=False)
    invitation_note = TextField(_l("A few words to those you invite"))


class CloseForm(Form):
    """Why a community is closed."""

    reason = TextField(_l("Why do you close it? The members can read this."))
