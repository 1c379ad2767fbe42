"""What a snapshot may not hand to every instance alike: random numbers to come, and the moment of the build."""

import sys
import time


def reseed():
    """Seeds every generator that seeded itself while the snapshot was made, and sets the clocks."""
    if random := sys.modules.get("random"):
        random.seed()
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed()
    if logging := sys.modules.get("logging"):
        # Nanoseconds from Python 3.13 on.
        logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()
