"""Tests of the directory through its pages."""
