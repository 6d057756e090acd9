"""Introductions: asking for contact, answering, connections, and the network as a picture."""
