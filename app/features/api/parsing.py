"""Taking what a program sends, and refusing it in the same words and form as everything else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import flask
from marshmallow import ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser

from app.core.errors import Invalid, Problem
from app.core.messages import N_, Text

# What marshmallow says, in our words.
_WORDS = {
    "Missing data for required field.": N_("This is needed."),
    "Field may not be null.": N_("This is needed."),
    "Not a valid string.": N_("Please give text here."),
    "Not a valid integer.": N_("Please give a whole number, such as 3."),
    "Not a valid boolean.": N_("Please give true or false."),
    "Not a valid list.": N_("Please give a list."),
    "Not a valid mapping type.": N_("Please give names with values."),
    "Invalid input type.": N_("Please give names with values."),
    "Unknown field.": N_("There is no such field."),
}
_WHOLE = "body"


def flat_errors(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Text]]:
    """Marshmallow's nested messages as one message a field: ``languages-0-tag``, as forms name the same fields."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            # Dictionaries have their messages under "key" and "value", objects as a whole under "_schema".
            yield from flat_errors(inner, path if name in ("key", "value", "_schema") else (*path, str(name)))
    else:
        first = messages[0] if isinstance(messages, list) else messages
        text = first if isinstance(first, Text) else Text(_WORDS.get(str(first), N_("This can't be taken.")))
        yield "-".join(path) or _WHOLE, text


class NotJson(Problem):
    """Something else than JSON was sent."""

    status = 415
    message = N_("Please send JSON, with the content type application/json.")


class Parser(FlaskParser):
    """Reads JSON strictly, and raises what the error pages of the house turn into problem documents."""

    def _raw_load_json(self, req: flask.Request) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return core.missing
        if not core.is_json(req.mimetype):
            raise NotJson
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise Problem(N_("This is not valid JSON.")) from None

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse with a message for each field."""
        located = error.messages if isinstance(error.messages, dict) else {}
        raise Invalid(dict(pair for messages in located.values() for pair in flat_errors(messages)))
