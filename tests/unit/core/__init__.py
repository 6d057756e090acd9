"""Tests of the ground's pure parts."""
