"""The first page: at once the best peers for a guest, and the day of someone signed in."""
