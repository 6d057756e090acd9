"""Commonweave's tests: unit (no database), integration (SQLite and PostgreSQL), browser (a real Chromium)."""
