"""Measurements: ratios to a floor or a peer in the same run, as medians of several runs."""
