"""Translations that members make of what others wrote."""
