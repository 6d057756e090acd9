"""Notices, digests, and answers by mail."""
