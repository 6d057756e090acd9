"""Reads of resources, by topic."""
