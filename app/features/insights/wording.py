"""Names of groups that no vocabulary holds."""

from __future__ import annotations

from app.core.messages import N_
from app.features.insights.queries.exposure import OTHERS, UNKNOWN

NAMES = {
    OTHERS: N_("Others, together"),
    UNKNOWN: N_("Country not given"),
    "199": N_("Least developed countries"),
    "432": N_("Landlocked developing countries"),
    "722": N_("Small island developing States"),
}
