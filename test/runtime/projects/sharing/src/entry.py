"""Requests that wait for messages of a queue, and cron triggers that wait for a request."""

import asyncio
import gc
import json

import asgi
import sharing
from js import Object
from pyodide.ffi import to_js
from workers import Response, WorkerEntrypoint

go = asyncio.Event()


def future_of(number):
    if number not in sharing.futures:
        sharing.futures[number] = asyncio.get_running_loop().create_future()
    return sharing.futures[number]


class Made:
    """An application, one for each request."""

    runs = {"startup": 0, "shutdown": 0}

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            for change in self.runs:
                assert (await receive())["type"] == f"lifespan.{change}"
                self.runs[change] += 1
                await send({"type": f"lifespan.{change}.complete"})
            return
        await sharing.app(scope, receive, send)

    async def answer(self, scope, receive, send):
        await self(scope, receive, send)


made = Made()


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        kind, _, number = request.url.split("/", 3)[3].partition("/")
        if kind == "asgi":
            return await asgi.fetch(sharing.app, request.js_object, self.env)
        if kind == "made":
            return await asgi.fetch(Made(), request.js_object, self.env)
        if kind == "method":
            return await asgi.fetch(made.answer, request.js_object, self.env)
        if kind == "share":
            name, number = number.split("/")
            await sharing.KINDS[name](int(number))
            return Response(number)
        if kind == "shown":
            kept = sum(isinstance(thing, Made) for thing in gc.get_objects())
            return Response(json.dumps({**sharing.shown(), **Made.runs, "kept": kept}))
        if kind == "go":
            while len(sharing.futures) < sharing.MANY:
                await asyncio.sleep(0)
            go.set()
        elif kind == "send":
            for first in range(0, sharing.MANY, 100):
                messages = [{"body": first + at} for at in range(100)]
                await self.env.NUMBERS.sendBatch(to_js(messages, dict_converter=Object.fromEntries))
        else:
            await sharing.enter(sharing.lock)
            await future_of(int(number))
            del sharing.futures[int(number)]
        return Response(number)

    async def scheduled(self, controller):
        """As many as there are requests: each lets one of them go."""
        number = sharing.state["begun"]
        sharing.state["begun"] += 1
        await go.wait()
        await sharing.enter(sharing.semaphore)
        sharing.futures[number].set_result(None)

    async def queue(self, batch):
        async with asyncio.TaskGroup() as group:
            for message in batch.messages:
                group.create_task(self.take(message.body))

    async def take(self, number):
        await sharing.enter(sharing.lock)
        future_of(number).set_result(None)
