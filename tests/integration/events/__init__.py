"""Meetings of communities and fair times for them."""
