"""What is pure in communities."""
