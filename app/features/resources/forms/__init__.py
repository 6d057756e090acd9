"""Forms of resources, by topic."""
