"""Runs at build time only: makes Pyodide generate the WebAssembly modules that it may need in a Worker."""

import asyncio


async def exercise():
    from pyodide.ffi import can_run_sync, create_proxy, run_sync

    async def wait():
        async with asyncio.timeout(1):
            await asyncio.sleep(0.001)
            if can_run_sync():
                run_sync(asyncio.sleep(0.001))

    if can_run_sync():
        run_sync(asyncio.sleep(0.001))
    await asyncio.create_task(wait())
    create_proxy(wait).destroy()
    try:
        import ctypes

        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(int)(1)
    except ImportError:
        pass
    import contextvars, email, importlib.metadata, json, re, traceback, weakref, zlib  # noqa: E401, F401
