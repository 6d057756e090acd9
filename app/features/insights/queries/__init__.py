"""What is read for figures about the whole."""
