"""Writes of renditions, by topic."""
