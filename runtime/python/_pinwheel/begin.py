"""The start of a Worker's Python, at build time and in the first request."""

import asyncio
import importlib
import itertools
import json
import os
import sys
import time

from . import absent, bootstrap, generators, in_place, lazy, loop, no_ssl

PROJECT = "/session/metadata"
PATHS = (PROJECT, f"{PROJECT}/python_modules", f"{PROJECT}/vendor")

#: Bytes: more than OpenSSL's generator needs to seed itself anew at once.
SEED = 64


def prepare():
    """Sets up `sys.path`, and what stands in for threads. Runs before anything of the project is imported."""
    for path in reversed(PATHS):
        if path not in sys.path:
            sys.path.insert(0, path)
    absent.install()
    in_place.install()
    lazy.install()
    no_ssl.install()
    loop.install()
    if sys.breakpointhook is sys.__breakpointhook__:
        sys.breakpointhook = _no_breakpoint


def _no_breakpoint(*_values, **_options):
    raise RuntimeError("a Worker has no terminal for breakpoint(): print what you look for, or call the code in a test")


def import_bridge():
    """Imports the modules that every event needs."""
    prepare()
    # In `sys.modules`, it is found without a look into the standard library.
    import _pinwheel_bridge  # noqa: F401
    from . import events  # noqa: F401
    import workers  # noqa: F401
    bootstrap.begin()


def import_all(names):
    """Imports modules. `names` is a list as JSON."""
    for name in json.loads(names):
        importlib.import_module(name)


def import_possible(names):
    """Imports as many of them as possible. Returns whether all were imported."""
    complete = True
    for name in json.loads(names):
        try:
            importlib.import_module(name)
        except BaseException:
            complete = False
    return complete


def reseed():
    """
    Renews what instances must not share through a snapshot: the generators that were seeded at build time, the key of
    `multiprocessing`, the first link of `rich`, and the start time of `logging`.
    """
    if random := sys.modules.get("random"):
        random.seed()
    for reference in generators:
        if (generator := reference()) is not None:
            generator.seed()
    generators.clear()
    if style := sys.modules.get("rich.style"):
        # Older releases draw none.
        if hasattr(style, "_id_generator"):
            style._id_generator = itertools.count(random.getrandbits(24))
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed()
    if ssl := sys.modules.get("_ssl"):
        ssl.RAND_add(os.urandom(SEED), SEED)
    if process := sys.modules.get("multiprocessing.process"):
        process.current_process().authkey = os.urandom(32)
    if logging := sys.modules.get("logging"):
        # Nanoseconds from Python 3.13 on.
        logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()


def begin(main, restored):
    """Returns the project's `Handlers`."""
    if restored:
        reseed()
    import_bridge()
    bootstrap.end()
    from . import events

    handlers = events.Handlers(importlib.import_module(main))
    asyncio.get_event_loop().begin()
    return handlers


def classes_of(main):
    """
    Returns, as JSON, the classes of the main module that workerd instantiates: the kind of each, and the names of its
    methods. `Default` is one of them if other Workers can call methods of it, or if it handles events that not every
    Worker does; its events are named, too.
    """
    import workers

    from . import events

    bases = {
        name: getattr(workers, name)
        for name in ("DurableObject", "WorkflowEntrypoint", "WorkerEntrypoint")
        if hasattr(workers, name)
    }
    module = sys.modules[main]
    found = {}
    for name, value in vars(module).items():
        kind = next((kind for kind, base in bases.items() if _is_below(value, base)), None)
        if kind is not None and value not in bases.values():
            methods = [one for one in dir(value) if not one.startswith("_") and callable(getattr(value, one))]
            found[name] = {"kind": kind, "methods": methods}
    methods = [one for one in found.pop("Default", {"methods": []})["methods"] if one not in events.FUNCTIONS]
    more = [kind for kind in events.handled(module) if kind not in events.ALWAYS]
    if methods or more:
        found["Default"] = {"kind": "WorkerEntrypoint", "methods": methods, "events": [*events.ALWAYS, *more]}
    return json.dumps(found)


def handles_any(main):
    """Whether the main module handles events of any kind."""
    from . import events

    return bool(events.handled(sys.modules[main]))


def _is_below(value, base):
    return isinstance(value, type) and isinstance(base, type) and issubclass(value, base)
