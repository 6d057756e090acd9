"""Reading ROR records."""
