"""Moderation: reports, and what operators and moderators do about them."""
