"""The moderation, through the front door."""
