"""The pure parts of resources."""
