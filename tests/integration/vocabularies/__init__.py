"""Tests of the vocabularies through their pages."""
