"""What the interpreter holds while nothing else is handled, and work that clients leave."""

import asyncio
import gc
import json
from contextlib import contextmanager, suppress

lock = asyncio.Lock()
begun = 0
under_way = 0


@contextmanager
def work():
    """Counts what begins, and ends in any way."""
    global begun, under_way
    begun += 1
    under_way += 1
    try:
        yield
    finally:
        under_way -= 1


async def stuck():
    """Holds the lock, or waits for it, until it is cancelled, and waits again to clean up."""
    with work():
        try:
            async with lock:
                await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0)


async def late():
    """Stops waiting for a promise that nothing settles."""
    from js import scheduler

    with suppress(TimeoutError):
        await asyncio.wait_for(scheduler.wait(3_600_000), 0.001)


async def endless(scope, receive, send):
    """Answers until nobody listens, or talks to a WebSocket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        with work():
            await receive()
        return
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    path = scope["path"].rpartition("/")[2]
    if path == "sticks":
        await stuck()
    with work():
        if path == "listens":
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        while True:
            await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": b"more", "more_body": True})


def held():
    import pyodide_js

    gc.collect()
    module = pyodide_js._module
    return json.dumps(
        {
            "stack": module.stackSave(),
            "handles": module._hiwire_num_refs(),
            "tasks": len(asyncio.all_tasks()),
            "objects": len(gc.get_objects()),
            "memory": module.HEAPU8.length,
            "begun": begun,
            "under_way": under_way,
            "locked": lock.locked(),
        }
    )
