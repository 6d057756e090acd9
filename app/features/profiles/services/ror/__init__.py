"""Taking in ROR's published dump (schema v2) of research and education organisations."""

from app.features.profiles.services.import_runs import ImportRefused
from app.features.profiles.services.ror.importing import Outcome, import_dump

__all__ = ["ImportRefused", "Outcome", "import_dump"]
