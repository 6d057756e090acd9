"""What a page costs the server and the reader: see `benchmarks.web.__main__`."""
