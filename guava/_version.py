"""The one place that names the version; guavad -v and the package read it."""

__version__ = "0.1.0"
