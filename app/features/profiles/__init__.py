"""Profiles: persons and institutions, their facets, and the directory."""
