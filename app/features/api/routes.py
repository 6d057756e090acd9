"""Every operation of the API in one light table.

A worker that serves pages only reads this table at its start. What describes and checks the operations (flask-smorest,
marshmallow) is imported with the first request to the API.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "/api/v1"
# No row has a higher number, and no database takes one.
_HIGHEST = 2**63 - 1
_ID = f"<int(max={_HIGHEST}):introduction_id>"
_THREAD = f"<int(max={_HIGHEST}):thread_id>"
_EVENT = f"<int(max={_HIGHEST}):event_id>"
_RESOURCE = f"<int(max={_HIGHEST}):resource_id>"
_COMMUNITY = "/communities/<slug>"


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
    Route("suggestions", "read_appearances", "GET", "/suggestions/appearances", refusals=(403, 404)),
    Route("suggestions", "list_dismissals", "GET", "/suggestions/dismissals", refusals=(403, 404)),
    Route("suggestions", "dismiss_suggestion", "POST", "/suggestions/dismissals", refusals=(404,)),
    Route("suggestions", "restore_suggestion", "DELETE", "/suggestions/dismissals/<handle>"),
    Route("insights", "read_exposure", "GET", "/insights/exposure", public=True),
    Route("introductions", "list_introductions", "GET", "/introductions", refusals=(404,)),
    Route("introductions", "ask_introduction", "POST", "/introductions", refusals=(404, 409)),
    Route("introductions", "read_introduction", "GET", f"/introductions/{_ID}"),
    Route("introductions", "accept_introduction", "POST", f"/introductions/{_ID}/accept", refusals=(409,)),
    Route("introductions", "decline_introduction", "POST", f"/introductions/{_ID}/decline", refusals=(409,)),
    Route("introductions", "withdraw_introduction", "POST", f"/introductions/{_ID}/withdraw", refusals=(409,)),
    Route("communities", "list_communities", "GET", "/communities", public=True),
    Route("communities", "list_own_communities", "GET", "/memberships"),
    Route("communities", "read_community", "GET", _COMMUNITY, public=True),
    Route("communities", "read_charter", "GET", f"{_COMMUNITY}/charter", public=True),
    Route("communities", "list_charter_versions", "GET", f"{_COMMUNITY}/charter/versions", public=True),
    Route("communities", "join_community", "POST", f"{_COMMUNITY}/membership", refusals=(409,)),
    Route("communities", "leave_community", "DELETE", f"{_COMMUNITY}/membership", refusals=(409,)),
    Route("groups", "list_missing_communities", "GET", "/suggestions/missing-communities", refusals=(403,)),
    Route("groups", "list_introducers", "GET", f"{_COMMUNITY}/introducers", refusals=(403,)),
    Route("networks", "list_networks", "GET", "/networks", public=True),
    Route("networks", "read_network", "GET", "/networks/<slug>", public=True),
    Route("threads", "list_threads", "GET", f"{_COMMUNITY}/threads", public=True, refusals=(403,)),
    Route("threads", "open_thread", "POST", f"{_COMMUNITY}/threads", refusals=(409,)),
    Route("threads", "read_thread", "GET", f"{_COMMUNITY}/threads/{_THREAD}", public=True, refusals=(403,)),
    Route("threads", "answer_thread", "POST", f"{_COMMUNITY}/threads/{_THREAD}/posts", refusals=(409,)),
    Route("events", "list_events", "GET", f"{_COMMUNITY}/events", public=True, refusals=(403,)),
    Route("events", "read_event", "GET", f"{_COMMUNITY}/events/{_EVENT}", public=True, refusals=(403,)),
    Route("resources", "list_resources", "GET", "/resources", public=True),
    Route("resources", "list_community_resources", "GET", f"{_COMMUNITY}/resources", public=True, refusals=(403,)),
    Route("resources", "read_resource", "GET", f"/resources/{_RESOURCE}", public=True),
    Route("notices", "list_notices", "GET", "/notices"),
    Route("notices", "read_notices", "POST", "/notices/read"),
)
