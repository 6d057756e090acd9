"""Translations by members and by a machine."""
