"""guavad beside nginx: `make bench`, or `python -m benchmark.run --help`."""
