"""Writes of resources, by topic."""
