"""Runs inside Pyodide: tries the standard library, and returns the outcomes as JSON.

`attempts` is a JSON object of code by name. An attempt or an import that fails leaves the first line of its error.
"""

import importlib
import json
import pkgutil
import sys

# Importing them has effects.
EASTER_EGGS = {"antigravity", "this"}


def error_of(action):
    try:
        action()
    except BaseException as error:
        # A KeyError's text is the repr of its argument.
        text = str(error.args[0]) if isinstance(error, KeyError) else str(error)
        lines = text.strip().splitlines()
        return f"{type(error).__name__}: {lines[0].strip() if lines else ''}".removesuffix(": ")
    return None


def is_public(name):
    return not any(part.startswith("_") for part in name.split("."))


def submodules(name):
    """The public modules directly below an imported module. Nobody imports those of `encodings`."""
    package = sys.modules.get(name)
    if name == "encodings" or not hasattr(package, "__path__"):
        return []
    found = [module.name for module in pkgutil.iter_modules(package.__path__, name + ".")]
    return [name for name in found if is_public(name)]


def measure(attempts):
    importable, failing = [], {}
    queue = sorted(sys.stdlib_module_names)
    # The loop appends the submodules of each package.
    for name in queue:
        error = None if name in EASTER_EGGS else error_of(lambda: importlib.import_module(name))
        if error is not None:
            failing[name] = error
            continue
        importable.append(name)
        if is_public(name):
            queue.extend(submodules(name))
    # Modules without a file, such as os.path and, from Python 3.13 on, collections.abc.
    known, parents = {*importable, *failing}, set(importable) - {"encodings"}
    unfiled = [name for name in sys.modules if name.rpartition(".")[0] in parents and name not in known]
    importable += filter(is_public, unfiled)
    outcomes = {id: error_of(lambda: exec(code, {"__name__": "attempt"})) for id, code in attempts.items()}
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "modules": sorted(importable),
        "failing": dict(sorted(failing.items())),
        "attempts": outcomes,
    }


json.dumps(measure(json.loads(attempts)))
