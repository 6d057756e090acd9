"""The threads, through the front door."""
