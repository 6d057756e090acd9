"""What suggestions do: keep the index, suggest, put aside, note what was shown."""

from app.features.suggestions.services.dismissing import dismiss, restore
from app.features.suggestions.services.keeping import keeper_of
from app.features.suggestions.services.showing import details_of, note_shown, note_shown_to_guest
from app.features.suggestions.services.suggesting import (
    Pair,
    Suggested,
    Suggestions,
    count_for_guest,
    count_for_members,
    explain_pair,
    suggest,
    suggest_to_guest,
)
from app.features.suggestions.services.widening import widen

__all__ = [
    "Pair",
    "Suggested",
    "Suggestions",
    "count_for_guest",
    "count_for_members",
    "details_of",
    "dismiss",
    "explain_pair",
    "keeper_of",
    "note_shown",
    "note_shown_to_guest",
    "restore",
    "suggest",
    "suggest_to_guest",
    "widen",
]
