"""The API through HTTP, as a program sees it."""
