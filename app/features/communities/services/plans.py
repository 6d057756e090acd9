"""The plan of a community: everything its founder or its coordinators decide, step by step, checked before it is kept.

A plan is plain data under the names below, as forms and drafts hold it. Texts of the canvas are ``canvas_<part>``,
those of the charter ``charter_<part>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.core.cleaning import clean_line, clean_text
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.communities.licences import BY_CODE as LICENCES
from app.features.communities.models import CANVAS_PARTS, CHARTER_PARTS, JOINING, READING, Community
from app.features.communities.starting import BY_CODE as TEMPLATES
from app.features.vocabularies.queries import is_valid, normalise_language

Plan = dict[str, Any]
Errors = dict[str, Text]

LONGEST_NAME, LONGEST_SUMMARY, LONGEST_PART, LONGEST_TASK, LONGEST_QUESTION = 120, 400, 4000, 500, 300
MOST_CODES, MOST_QUESTIONS = 10, 5
INVITERS = ("members", "coordinators")

# What each step asks, in the order of the steps.
STEPS: dict[str, tuple[str, ...]] = {
    "domain": ("name", "summary", "lang", "subjects", "levels", "places", "canvas_domain"),
    "people": ("languages", "canvas_people", "canvas_languages"),
    "practice": ("canvas_practice",),
    "rhythm": ("canvas_rhythm", "canvas_first_months"),
    "success": ("canvas_success",),
    "charter": ("licence", *(f"charter_{part}" for part in CHARTER_PARTS)),
    "joining": ("joining", "inviting", "reading", "questions", "first_task"),
}
# What coordinators change later in the same words; the charter has pages and versions of its own.
SECTIONS = tuple(step for step in STEPS if step != "charter")
FACETS = {"subjects": "subject", "levels": "level", "languages": "language", "places": "place"}

TOO_LONG = N_("This has %(length)s characters; please keep it to %(limit)s.")
TOO_MANY = N_("Please keep it to %(limit)s.")
UNKNOWN = N_("Please choose one from the list.")


def _line(name: str, limit: int, missing: str | None = None) -> Callable[[Any, Errors], str]:
    def check(value: Any, errors: Errors) -> str:
        text = clean_line(str(value or ""))
        if missing and not any(c.isalpha() for c in text):
            errors[name] = Text(missing)
        elif len(text) > limit:
            errors[name] = Text(TOO_LONG, {"length": len(text), "limit": limit})
        return text

    return check


def _text(name: str, limit: int = LONGEST_PART) -> Callable[[Any, Errors], str]:
    def check(value: Any, errors: Errors) -> str:
        text = clean_text(str(value or ""))
        if len(text) > limit:
            errors[name] = Text(TOO_LONG, {"length": len(text), "limit": limit})
        return text

    return check


def _one_of(name: str, allowed: Iterable[str]) -> Callable[[Any, Errors], str]:
    known = tuple(allowed)

    def check(value: Any, errors: Errors) -> str:
        if value not in known:
            errors[name] = Text(UNKNOWN)
        return str(value or "")

    return check


def _codes(name: str, scheme: str, missing: str | None = None) -> Callable[[Any, Errors], list[str]]:
    def check(value: Any, errors: Errors) -> list[str]:
        codes = list(dict.fromkeys(str(code) for code in value or ()))
        if scheme == "language":
            codes = [normalise_language(code) or code for code in codes]
        if missing and not codes:
            errors[name] = Text(missing)
        elif len(codes) > MOST_CODES:
            errors[name] = Text(TOO_MANY, {"limit": MOST_CODES})
        elif not all(len(code) <= 35 and is_valid(scheme, code) for code in codes):
            errors[name] = Text(UNKNOWN)
        return codes

    return check


def _language(value: Any, errors: Errors) -> str:
    tag = normalise_language(str(value or "")[:35])
    if tag is None:
        errors["lang"] = Text(N_("We do not know this language. Please choose one from the list."))
    return tag or ""


def _questions(value: Any, errors: Errors) -> list[str]:
    questions = [line for line in (clean_line(str(one)) for one in value or ()) if line]
    if len(questions) > MOST_QUESTIONS:
        errors["questions"] = Text(N_("Please ask at most %(limit)s questions."), {"limit": MOST_QUESTIONS})
    longest = max(map(len, questions), default=0)
    if longest > LONGEST_QUESTION:
        errors["questions"] = Text(TOO_LONG, {"length": longest, "limit": LONGEST_QUESTION})
    return questions


_CHECKS: dict[str, Callable[[Any, Errors], Any]] = {
    "template": _one_of("template", TEMPLATES),
    "name": _line("name", LONGEST_NAME, N_("Please give the community a name.")),
    "summary": _line("summary", LONGEST_SUMMARY, N_("Please say in a sentence what it is about.")),
    "lang": _language,
    "subjects": _codes("subjects", "subject"),
    "levels": _codes("levels", "level"),
    "places": _codes("places", "place"),
    "languages": _codes("languages", "language", N_("Please name at least one language you will write in.")),
    "licence": _one_of("licence", LICENCES),
    "joining": _one_of("joining", JOINING),
    "inviting": _one_of("inviting", INVITERS),
    "reading": _one_of("reading", READING),
    "questions": _questions,
    "first_task": _text("first_task", LONGEST_TASK),
    **{f"canvas_{part}": _text(f"canvas_{part}") for part in CANVAS_PARTS},
    **{f"charter_{part}": _text(f"charter_{part}", 3000) for part in CHARTER_PARTS},
}


def check_plan(plan: Mapping[str, Any], steps: Sequence[str]) -> Plan:
    """What the steps ask, cleaned; raises `Invalid` with a message for each answer that cannot be taken."""
    errors: Errors = {}
    names = [name for step in steps for name in STEPS[step]]
    cleaned = {name: _CHECKS[name](plan.get(name), errors) for name in names}
    if errors:
        raise Invalid(errors)
    return cleaned


def is_answered(plan: Mapping[str, Any], step: str) -> bool:
    """Whether nothing that a step must know is missing or wrong."""
    try:
        check_plan(plan, (step,))
    except Invalid:
        return False
    return True


def plan_of(community: Community) -> Plan:
    """A community as it is, in the form in which it can be decided again."""
    plan: Plan = {name: getattr(community, name) for name in ("template", "name", "summary", "lang", "first_task")}
    plan |= {name: getattr(community, name) for name in ("joining", "inviting", "reading")}
    plan |= {f"canvas_{part}": community.canvas.get(part, "") for part in CANVAS_PARTS}
    plan |= {name: list(community.codes(kind)) for name, kind in FACETS.items()}
    return {**plan, "questions": list(community.questions or ())}
