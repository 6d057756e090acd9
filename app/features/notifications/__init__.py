"""What reaches people outside the page: notices, digests by mail, and replies that come back by mail."""
