"""Threads: what two connected profiles write to each other."""
