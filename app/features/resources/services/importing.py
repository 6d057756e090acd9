"""Taking in resources that were described elsewhere: each by itself, so that one that can't be taken stops no other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.messages import Text
from app.features.communities.policies import Standing
from app.features.resources.addresses import same_as
from app.features.resources.services.resources import AlreadyHere, add_resource
from app.features.resources.values import ResourceValues


@dataclass(slots=True)
class Imported:
    """What came of an import: numbers of the new ones, of those that were here, and what each other lacked."""

    added: list[int] = field(default_factory=list)
    here: list[int] = field(default_factory=list)
    refused: list[tuple[ResourceValues, dict[str, Text]]] = field(default_factory=list)


def import_resources(
    session: Session, actor: Actor, records: Iterable[ResourceValues], token: str, standing: Standing | None = None
) -> Imported:
    """Add what can be added; sent twice, everything is added once."""
    done = Imported()
    for values in records:
        # Each needs a mark of its own, and the same one when the page is sent again.
        mark = hashlib.sha256(f"{token}:{same_as(values.url)}".encode()).hexdigest()[:32] if token else ""
        try:
            resource, new = add_resource(session, actor, values, mark, standing)
        except AlreadyHere as problem:
            done.here.append(problem.resource_id)
        except Invalid as problem:
            done.refused.append((values, problem.fields))
        else:
            (done.added if new else done.here).append(resource.id)
    return done
