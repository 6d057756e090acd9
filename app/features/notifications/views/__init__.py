"""The pages of notices, by topic; each module adds its routes to one blueprint."""

from app.features.notifications.views import feeds, listing, settings, stopping  # noqa: F401
from app.features.notifications.views.blueprint import blueprint

__all__ = ["blueprint"]
