"""The REST interface: a module is a collection, its URL is its place in here."""
