"""Accounts: sign up, sign in, secrets, roles, leaving."""
