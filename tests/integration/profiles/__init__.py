"""Profiles of persons and institutions, through the front door."""
