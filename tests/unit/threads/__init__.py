"""Threads without a database."""
