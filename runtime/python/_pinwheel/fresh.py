"""Renews what instances must not share through a snapshot: the state of random generators, and the start time."""

import sys
import time


def reseed():
    """Seeds the generators that were seeded at build time, and sets the start time of `logging`."""
    if random := sys.modules.get("random"):
        random.seed()
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed()
    if logging := sys.modules.get("logging"):
        # Nanoseconds from Python 3.13 on.
        logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()
