"""Taking in ROR's published dump (schema v2) of research and education organisations."""

from app.features.profiles.services.ror.importing import import_dump

__all__ = ["import_dump"]
