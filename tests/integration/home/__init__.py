"""The first page, through the browser of a guest and of someone signed in."""
