"""The Python side of a built Worker."""
