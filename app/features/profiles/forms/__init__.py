"""Forms of profiles, split by topic."""
