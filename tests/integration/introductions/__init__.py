"""The introductions, through the front door."""
