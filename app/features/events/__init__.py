"""Events of communities, and times to meet that are fair to everyone."""
