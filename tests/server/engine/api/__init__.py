"""Its resources."""
