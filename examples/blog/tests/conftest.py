pytest_plugins = ["guava.testing.plugin"]
