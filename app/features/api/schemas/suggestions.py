"""Suggestions as they are asked; they are given by `suggestions.schemas.as_json`, the same as on the command line."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.features.api.schemas.fields import Between, Body, Cursor, Words, one_of, said
from app.features.api.schemas.profiles import KINDS as NAMED_KINDS
from app.features.api.schemas.profiles import NamedSchema
from app.features.suggestions.models import DISMISS_REASONS
from app.features.suggestions.services.group_asides import COMMUNITY, NETWORK
from app.features.suggestions.services.groups import COMMUNITIES
from app.features.suggestions.services.suggesting import MOST
from app.matching.query import KINDS

PROFILE, PROFILES = "profile", "profiles"
_AS = said("The handle of an institution you act for; without it yourself.")


class SpeakerQuery(Schema):
    """For whom somebody asks."""

    as_ = Words(data_key="as", load_default=None, **_AS)


class SuggestionsQuery(SpeakerQuery):
    """Which suggestions."""

    kind = one_of((*KINDS, COMMUNITIES), load_default="peers")
    with_ = Words(data_key="with", load_default=None, **said("For bridges: the handle of the one to be reached."))
    limit = fields.Integer(load_default=20, validate=Between(1, MOST))


class DismissalsQuery(SpeakerQuery):
    """A page of what was put aside."""

    kind = one_of((PROFILES, COMMUNITIES), load_default=PROFILES)
    cursor = Cursor()


class RestoreQuery(SpeakerQuery):
    """What is to be suggested again."""

    kind = one_of((PROFILE, COMMUNITY, NETWORK), load_default=PROFILE, **said("Whose name that is."))


class ReasonSchema(Schema):
    """What a criterion contributes to the score, and on what evidence."""

    criterion = fields.String(required=True)
    contribution = fields.Integer(required=True, **said("The contributions add up to the score."))
    evidence = fields.String(required=True)


class GapSchema(Schema):
    """What is missing, or what would change it."""

    gap = fields.String(required=True)
    text = fields.String(required=True)
    adds = fields.Integer(**said("How many more a change would bring."))
    change = fields.Dict(keys=fields.String(), **said("The change that was counted."))


class AddedSchema(Schema):
    """Someone whom a change would bring."""

    id = fields.String(required=True, **said("The handle."))
    name = fields.String(required=True)
    kind = fields.String(required=True)


class ListGapSchema(GapSchema):
    """What would bring more."""

    who = fields.List(fields.Nested(AddedSchema), **said("Some of those a change would bring, the best first."))


class SuggestionSchema(Schema):
    """Someone suggested."""

    id = fields.String(required=True, **said("The handle."))
    name = fields.String(required=True)
    kind = fields.String(required=True)
    score = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    gaps = fields.List(fields.Nested(GapSchema), required=True)


class SuggestionsSchema(Schema):
    """Suggestions, best first."""

    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)
    gaps = fields.List(fields.Nested(ListGapSchema), required=True, **said("What would bring more, at most five."))
    # The base class has something else of this name, which an instance sets for itself.
    partial = fields.Boolean(  # type: ignore[assignment]
        **said("Whether a part of those who are here could not be looked at just now.")
    )
    hidden_by_language = fields.Integer(**said("Of communities: how many more would suit, but for their languages."))


class DismissalBody(Body):
    """Not for me, because …"""

    id = Words(
        required=True, **said("The handle of the one put aside; of a community or network its name in addresses.")
    )
    kind = one_of((PROFILE, COMMUNITY, NETWORK), load_default=PROFILE)
    reason = one_of(DISMISS_REASONS, required=True)
    as_ = Words(data_key="as", allow_none=True, load_default=None, **_AS)


class DismissalSchema(NamedSchema):
    """Someone, a community or a network that was put aside."""

    kind = one_of((*NAMED_KINDS, COMMUNITY, NETWORK), required=True)
    reason = one_of(DISMISS_REASONS, required=True)


class DismissalsSchema(Schema):
    """A page of those put aside, the latest first."""

    dismissals = fields.List(fields.Nested(DismissalSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class TimesSchema(Schema):
    """On how many lists."""

    last_30_days = fields.Integer(required=True)
    last_90_days = fields.Integer(required=True)


class AppearancesSchema(TimesSchema):
    """How often one was suggested to others. Days are counted when they are over."""

    suggestible = fields.Boolean(required=True, **said("Whether one may be suggested; changed with the profile."))
    not_suggested_as = fields.List(
        fields.String(), required=True, **said("As what one is not suggested all the same; changed with the profile.")
    )
    kinds = fields.Dict(keys=fields.String(), values=fields.Nested(TimesSchema), required=True)
    criteria = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        **said("How often each criterion was among the two that counted most, in 90 days."),
    )
