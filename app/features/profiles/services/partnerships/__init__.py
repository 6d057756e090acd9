"""Taking in a history of partnerships from elsewhere: who took part in which project."""

from app.features.profiles.services.partnerships.importing import Outcome, import_history
from app.features.profiles.services.partnerships.matching import match_known

__all__ = ["Outcome", "import_history", "match_known"]
