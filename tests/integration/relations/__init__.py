"""The relations, through the front door."""
