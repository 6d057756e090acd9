"""Importing ROR."""
