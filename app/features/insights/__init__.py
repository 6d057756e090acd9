"""Insights: figures about the network as a whole, open to everyone."""
