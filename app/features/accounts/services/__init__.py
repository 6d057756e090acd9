"""Writes of accounts, split by topic."""
