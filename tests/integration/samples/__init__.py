"""The sample world in the database."""
