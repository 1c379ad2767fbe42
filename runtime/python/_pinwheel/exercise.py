"""Runs at build time only: makes Pyodide generate the WebAssembly modules that it may need in a Worker."""

import asyncio

from pyodide.webloop import WebLoop

# There are no events, of which the loop of a Worker runs everything in one.
asyncio.get_event_loop().__class__ = WebLoop


async def exercise():
    from pyodide import ffi

    # Pyodide 0.26.0 and 0.26.1 do not have it.
    can_run_sync = getattr(ffi, "can_run_sync", lambda: False)

    async def wait():
        async with asyncio.timeout(1):
            await asyncio.sleep(0.001)
            if can_run_sync():
                ffi.run_sync(asyncio.sleep(0.001))

    if can_run_sync():
        ffi.run_sync(asyncio.sleep(0.001))
    await asyncio.create_task(wait())
    ffi.create_proxy(wait).destroy()
    try:
        import ctypes

        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(int)(1)
    except ImportError:
        pass
    import contextvars, email, importlib.metadata, json, re, traceback, weakref, zlib  # noqa: E401, F401
