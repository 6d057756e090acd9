"""Every operation of the API in one light table.

A worker that serves pages only reads this table at its start. What describes and checks the operations (flask-smorest,
marshmallow) is imported with the first request to the API.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "/api/v1"
# No row has a higher number, and no database takes one.
_ID = "<int(max=9223372036854775807):introduction_id>"


@dataclass(frozen=True, slots=True)
class Route:
    """An operation: the function ``name`` in ``resources/<topic>.py``; ``public``: also without a token.

    ``refusals`` are the statuses it may refuse with on top of those its shape brings along.
    """

    topic: str
    name: str
    method: str
    rule: str
    public: bool = False
    refusals: tuple[int, ...] = ()

    @property
    def takes_body(self) -> bool:
        """Whether a body is read."""
        return self.method in ("POST", "PATCH") and self.name != "withdraw_introduction"

    def problems(self) -> tuple[int, ...]:
        """Every status of a problem document that this operation may answer with."""
        found = {401, 422, 500, *self.refusals}
        if self.method != "GET":
            found |= {403, 429}
        if self.takes_body:
            found |= {400, 413, 415}
        if "<" in self.rule:
            found.add(404)
        return tuple(sorted(found))


ROUTES = (
    Route("profiles", "read_own_profile", "GET", "/profile", refusals=(404,)),
    Route("profiles", "change_own_profile", "PATCH", "/profile", refusals=(404, 409, 412)),
    Route("profiles", "read_person", "GET", "/people/<handle>"),
    Route("profiles", "read_institution", "GET", "/institutions/<handle>"),
    Route("profiles", "change_institution", "PATCH", "/institutions/<handle>", refusals=(409, 412)),
    Route("vocabularies", "list_vocabularies", "GET", "/vocabularies", public=True),
    Route("vocabularies", "read_vocabulary", "GET", "/vocabularies/<scheme>", public=True),
    Route("directory", "search_directory", "GET", "/directory", public=True),
    Route("suggestions", "list_suggestions", "GET", "/suggestions", refusals=(403, 404)),
    Route("suggestions", "list_dismissals", "GET", "/suggestions/dismissals", refusals=(403, 404)),
    Route("suggestions", "dismiss_suggestion", "POST", "/suggestions/dismissals", refusals=(404,)),
    Route("suggestions", "restore_suggestion", "DELETE", "/suggestions/dismissals/<handle>"),
    Route("introductions", "list_introductions", "GET", "/introductions", refusals=(404,)),
    Route("introductions", "ask_introduction", "POST", "/introductions", refusals=(404, 409)),
    Route("introductions", "read_introduction", "GET", f"/introductions/{_ID}"),
    Route("introductions", "accept_introduction", "POST", f"/introductions/{_ID}/accept", refusals=(409,)),
    Route("introductions", "decline_introduction", "POST", f"/introductions/{_ID}/decline", refusals=(409,)),
    Route("introductions", "withdraw_introduction", "POST", f"/introductions/{_ID}/withdraw", refusals=(409,)),
)
