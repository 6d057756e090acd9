"""Writes of profiles, split by topic."""
