"""Resources: sharing, finding, reviewing, harvesting; notes on practice."""
