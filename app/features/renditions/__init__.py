"""Renditions: what members, or a machine marked as one, made of other people's words in another language."""
