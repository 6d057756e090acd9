"""Communities, through the front door."""
