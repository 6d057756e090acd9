"""What every list with filters has in common: a filter that means nothing is refused instead of passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from marshmallow import Schema, fields

from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.api.schemas.fields import said
from app.features.profiles.queries.directory.paging import read_cursor


class ChoiceSchema(Schema):
    """A further choice and how many it would find."""

    code = fields.String(required=True)
    count = fields.Integer(required=True)
    on = fields.Boolean(required=True, **said("Whether it is chosen already."))


def asked(query: dict[str, Any]) -> Callable[[str], list[str]]:
    """The values of each filter as a list, as addresses of pages give them."""

    def values(name: str) -> list[str]:
        value = query.get(name, [])
        return value if isinstance(value, list) else [value]

    return values


def check(query: dict[str, Any], names: Iterable[str], unknown: Iterable[tuple[str, str]]) -> None:
    """Refuse codes that do not exist, (filter, code), filters of ``names`` without one, and foreign cursors."""
    values = asked(query)
    errors = {name: Text(N_("There is no code %(code)s."), {"code": code}) for name, code in unknown}
    errors |= {name: Text(N_("There is no such code.")) for name in names if not all(map(str.strip, values(name)))}
    if "cursor" in query and read_cursor(query["cursor"]) is None:
        errors["cursor"] = Text(N_("This is not from an earlier answer."))
    if errors:
        raise Invalid(errors)


def as_choices(facets: dict[str, list[Any]]) -> dict[str, list[dict[str, Any]]]:
    """The counts of every further choice."""
    return {
        name: [{"code": choice.code, "count": choice.count, "on": choice.on} for choice in choices]
        for name, choices in facets.items()
    }
