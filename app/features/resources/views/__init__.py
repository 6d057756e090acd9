"""The pages of resources, by topic; each module adds its routes to one blueprint."""

from importlib import import_module

from app.features.resources.views.blueprint import blueprint

for _topic in ("listing", "exchange", "writing", "reviewing", "practice", "harvesting", "showing"):
    import_module(f"{__name__}.{_topic}")

__all__ = ["blueprint"]
