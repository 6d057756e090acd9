"""Forms of communities, by topic."""
