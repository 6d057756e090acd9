"""The Flask half of the ground: sessions, access list, languages, forms, pages, error pages, headers."""
