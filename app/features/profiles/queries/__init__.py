"""Reads of profiles, split by topic."""
