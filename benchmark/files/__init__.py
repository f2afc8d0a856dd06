"""Static files beside nginx's."""
