"""Reads of suggestions, split by topic."""
