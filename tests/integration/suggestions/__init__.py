"""Suggestions, through the pages and the command line."""
