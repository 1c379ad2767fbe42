"""What requests share by libraries: primitives of anyio, and clients with the pools that they have by default."""

import asyncio
import json

import aiohttp
import anyio
import asgi
import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from workers import Response, WorkerEntrypoint

lock = anyio.Lock()
limiter = anyio.CapacityLimiter(5)
semaphore = anyio.Semaphore(5)
sending, receiving = anyio.create_memory_object_stream(0)
# A busy machine may take longer than the 5 s that httpx allows.
of_httpx = httpx.AsyncClient(timeout=None)
of_aiohttp = None
inside = 0
seen = {"begun": 0, "told": 0, "most": 0}


async def enter(gate):
    global inside
    async with gate:
        inside += 1
        seen["most"] = max(seen["most"], inside)
        await anyio.sleep(0.001)
        inside -= 1


async def in_group(number):
    async with anyio.create_task_group() as group:
        for gate in (lock, limiter, semaphore):
            group.start_soon(enter, gate)
    with anyio.move_on_after(0.001):
        await anyio.sleep_forever()


async def by_stream(number):
    """Each even number sends to an odd one, which has no room to keep anything."""
    if number % 2:
        await receiving.receive()
    else:
        await sending.send(number)


async def by_httpx(url, number):
    answer = await of_httpx.get(f"{url}/{number}")
    assert answer.text == str(number), answer.text


async def by_aiohttp(url, number):
    global of_aiohttp
    of_aiohttp = of_aiohttp or aiohttp.ClientSession()
    async with of_aiohttp.get(f"{url}/{number}") as answer:
        assert await answer.text() == str(number)


async def polls(request):
    # The first time, Starlette gets the end of the body, and not before the second does it listen.
    assert not await request.is_disconnected()
    seen["begun"] += 1
    while not await request.is_disconnected():
        await asyncio.sleep(1)
    seen["told"] += 1
    return PlainTextResponse("nobody reads it")


web = Starlette(routes=[Route("/polls", polls)])


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        kind, _, number = request.url.split("/", 3)[3].partition("/")
        if kind == "polls":
            return await asgi.fetch(web, request.js_object, self.env)
        if kind == "shown":
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            return Response(json.dumps({**seen, "inside": inside, "tasks": len(tasks)}))
        given = [self.env.UPSTREAM] if kind.startswith("by_h") or kind.startswith("by_a") else []
        await globals()[kind](*given, int(number))
        return Response(number)
