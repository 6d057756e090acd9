"""Putting the sample world into the database."""
