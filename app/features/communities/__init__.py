"""Communities of practice: found, joined, kept by their members, adapted to places and languages."""
