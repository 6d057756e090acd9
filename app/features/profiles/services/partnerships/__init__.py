"""Taking in a history of partnerships from elsewhere: who took part in which project."""

from app.features.profiles.services.partnerships.importing import import_history
from app.features.profiles.services.partnerships.matching import match_known

__all__ = ["import_history", "match_known"]
