"""Fields that take exactly what they say they take, and refuse the rest in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.core.messages import N_, Text


class Body(Schema):
    """The base of everything taken as JSON: a name nobody knows is refused instead of passed over."""

    class Meta:
        unknown = RAISE


class Words(fields.String):
    """Text that both databases can hold."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not isinstance(value, str) or "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise self.make_error("invalid")
        return str(text)


class Whole(fields.Integer):
    """A whole number that is not written as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)


class YesNo(fields.Boolean):
    """True or false and nothing like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class OneOf(validate.OneOf):
    """One of a few values."""

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, str) or value not in self.choices:
            raise ValidationError([Text(N_("Please choose one from the list."))])
        return value


class AtMost(validate.Length):
    """A text or a list that is not too long."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most)

    def __call__(self, value: Any) -> Any:
        if len(value) > (self.max or 0):
            raise ValidationError([Text(N_("Please keep it to %(limit)s."), {"limit": self.max})])
        return value


class Between(validate.Range):
    """A number within bounds."""

    def __call__(self, value: Any) -> Any:
        if not self.min <= value <= self.max:
            text = N_("Please give a number from %(least)s to %(most)s.")
            raise ValidationError([Text(text, {"least": self.min, "most": self.max})])
        return value


class Cursor(Words):
    """Where a page begins, as an earlier answer gave it."""

    def __init__(self) -> None:
        super().__init__(metadata={"description": "Where the page begins: `next` or `previous` of an earlier answer."})


def one_of(choices: Iterable[str], **kwargs: Any) -> Words:
    """A field that takes one of a few values."""
    return Words(validate=OneOf(list(choices)), **kwargs)


def codes(most: int, what: str) -> fields.List[Any]:
    """A list of codes; whether they exist is checked where they are used."""
    return fields.List(Words(), validate=AtMost(most), metadata={"description": what})


def said(what: str) -> dict[str, Any]:
    """A field's description."""
    return {"metadata": {"description": what}}
