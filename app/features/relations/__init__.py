"""Relations between profiles: connections and blocks."""
