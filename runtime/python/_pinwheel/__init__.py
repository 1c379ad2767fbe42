"""The Python side of a built Worker."""

#: Weak references to the random number generators that modules have made for themselves (see `watch.py`).
generators = []
