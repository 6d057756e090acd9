"""What services raise: a message key with values, and the status it means on the web."""

from __future__ import annotations

from app.core.messages import N_, Text


class Problem(Exception):
    """Something a person can be told about. ``message`` is translated where it is shown."""

    status = 400
    message = N_("That could not be done.")

    def __init__(self, message: str | None = None, **values: object) -> None:
        self.text = Text(message or self.message, values)
        super().__init__(str(self.text))


class NotFound(Problem):
    """There is no such thing, or not for this actor."""

    status = 404
    message = N_("There is nothing at this address.")


class Forbidden(Problem):
    """The actor may not do this."""

    status = 403
    message = N_("You may not do this.")


class SignInNeeded(Problem):
    """Only someone signed in can do this."""

    status = 401
    message = N_("Please sign in first.")


class Conflict(Problem):
    """Someone else changed the same thing meanwhile."""

    status = 409
    message = N_("This was changed elsewhere in the meantime. Nothing was overwritten.")


class TooMany(Problem):
    """A limit is reached; ``retry_after`` says in how many seconds to come back."""

    status = 429
    message = N_("That was often in a short time. Please try again a little later.")

    def __init__(self, message: str | None = None, retry_after: int = 60, **values: object) -> None:
        self.retry_after = retry_after
        super().__init__(message, **values)


class Invalid(Problem):
    """Input that cannot be taken: a message for each field that is wrong."""

    status = 422
    message = N_("Please look at the marked fields.")

    def __init__(self, fields: dict[str, Text] | None = None, message: str | None = None, **values: object) -> None:
        self.fields = fields or {}
        super().__init__(message, **values)
