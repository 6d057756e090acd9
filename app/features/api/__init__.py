"""The same over HTTP for programs: what the pages show and do, as JSON, for whoever holds a token."""
