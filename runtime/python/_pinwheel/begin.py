"""The start of a Worker's Python, at build time and in the first request."""

import importlib
import json
import sys

from . import fresh, in_place

PROJECT = "/session/metadata"
PATHS = (PROJECT, f"{PROJECT}/python_modules", f"{PROJECT}/vendor")


def prepare():
    """Before anything of the project is imported: where modules are, and threads that there are not."""
    for path in reversed(PATHS):
        if path not in sys.path:
            sys.path.insert(0, path)
    in_place.install()


def import_bridge():
    """The modules that every event takes."""
    prepare()
    from . import events  # noqa: F401
    import workers  # noqa: F401


def import_all(names):
    """Modules, by a list of names as JSON."""
    for name in json.loads(names):
        importlib.import_module(name)


def begin(main, restored):
    """Returns what takes events: `handler(kind, subject, env, context)`."""
    if restored:
        fresh.reseed()
    import_bridge()
    from . import events

    return events.handler_of(importlib.import_module(main))
