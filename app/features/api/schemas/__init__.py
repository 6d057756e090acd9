"""What the API takes and gives, split by topic."""
