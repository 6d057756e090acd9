"""What the tests stand on: databases, browser, page checks, sample people."""
