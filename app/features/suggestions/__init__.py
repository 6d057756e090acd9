"""Suggestions: who suits whom, why, and what would change it."""
