"""Networks that live elsewhere: the guidelines' own examples, and what members listed beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.schemas.filtering import as_choices
from app.features.api.schemas.networks import NetworkSchema, NetworksQuery, NetworksSchema, as_network, filters_from
from app.features.api.schemas.translations import Translations
from app.features.communities.models import ExternalNetwork
from app.features.communities.queries import networks as queries
from app.features.communities.views.people import views_of


def _given(networks: Sequence[ExternalNetwork]) -> list[dict[str, Any]]:
    langs = {one.id: one.lang for one in networks}
    texts = Translations("network", langs, {one.id: queries.text_version(one) for one in networks})
    views = views_of(number for one in networks for number in (one.added_by, one.checked_by))
    return [as_network(one, texts, views) for one in networks]


@operations.arguments(NetworksQuery, location="query")
@operations.response(200, NetworksSchema)
def list_networks(query: dict[str, Any]) -> dict[str, Any]:
    """Networks elsewhere by words and filters, page by page: those somebody looked at last come first."""
    page = queries.find_networks(db(), filters_from(query), current_locale().code, query.get("cursor"))
    answer: dict[str, Any] = {
        "total": page.total,
        "networks": _given(page.networks),
        "previous": page.previous,
        "next": page.next,
    }
    if query["facets"]:
        answer["facets"] = as_choices(page.choices)
    return answer


@operations.response(200, NetworkSchema)
def read_network(slug: str) -> dict[str, Any]:
    """A network: what it is, whom it is for, who looked last."""
    return _given([queries.get_network(db(), current_actor(), slug)])[0]
