"""The configuration: what a file may say, reading it, handing it to the workers.

Nothing is imported here: a worker needs `schema` and `snapshot` alone, and only
the check child ever loads the YAML reader.
"""
