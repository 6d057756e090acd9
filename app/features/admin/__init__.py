"""Admin: what operators see and set."""
