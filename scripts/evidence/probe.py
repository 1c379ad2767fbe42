"""Imports modules of packages one by one, runs smoke lines, and says as JSON how each went: on both grounds."""

import importlib
import json
import re
import time

import pyodide_js
from pyodide.code import eval_code_async

MOST = 300
CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns")


def memory():
    """How many bytes of memory have been taken so far."""
    return pyodide_js._module._sbrk(0)


def try_import(name, clock):
    """Imports a module. `clock` returns milliseconds; without one, the time is unknown."""
    began, before = clock and clock(), memory()
    error = None
    try:
        importlib.import_module(name)
    except BaseException as exception:
        error = _describe(exception)
    ms = clock and clock() - began
    return json.dumps({"ms": ms, "bytes": memory() - before, "error": error})


def watch_clock(readings):
    """Counts in `readings` how often modules call Python's clock from now on."""

    def counted(read):
        def call():
            readings.clock += 1
            return read()

        return call

    for name in CLOCKS:
        setattr(time, name, counted(getattr(time, name)))


async def try_smoke(code):
    """Runs a smoke line, which may await."""
    error = None
    try:
        await eval_code_async(code, {"__name__": "__main__"})
    except BaseException as exception:
        error = _describe(exception)
    return json.dumps({"error": error})


def _describe(exception):
    """The class, the last line, and the module that is missing if there is one. A package chooses what `str` does."""
    try:
        lines = str(exception).strip().splitlines()
        message = lines[-1] if lines else ""
    except BaseException:
        message = ""
    missing = None
    seen = []
    while exception is not None and exception not in seen:
        seen.append(exception)
        if isinstance(exception, ModuleNotFoundError) and isinstance(exception.name, str):
            missing = exception.name[:MOST]
        exception = exception.__cause__ or exception.__context__
    # Addresses differ from run to run.
    message = re.sub(r"\b0x[0-9a-f]+", "0x…", message[: 2 * MOST])
    return {"type": type(seen[0]).__name__[:MOST], "message": message[:MOST], "missing": missing}
