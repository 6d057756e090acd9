"""Open educational resources that communities share, and notes on what was tried with them."""
