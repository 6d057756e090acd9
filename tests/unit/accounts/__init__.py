"""Pure parts of accounts."""
