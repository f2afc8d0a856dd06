"""guava beside other servers: `make bench`, or `python -m benchmark.run --help`."""
