"""Suggestions on the command line: a person's own list, and how good the ranking of partners is."""

from app.features.suggestions.cli import evaluate, groups, rank, refit
from app.features.suggestions.cli.matching import matching_group
from app.features.suggestions.cli.suggestions import suggestions_group

commands = [suggestions_group, matching_group]

__all__ = ["commands", "evaluate", "groups", "rank", "refit"]
