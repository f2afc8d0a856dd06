"""The pages: /module/action/arguments."""
