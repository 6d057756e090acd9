"""Writes of communities, by topic."""
