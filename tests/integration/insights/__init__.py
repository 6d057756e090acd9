"""Tests of the figures about the network as a whole."""
