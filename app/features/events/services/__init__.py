"""Writes of events, by topic."""
