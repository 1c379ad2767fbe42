import asyncio

import asgi
from held import endless, held, late, stuck
from pyodide.ffi import run_sync
from workers import Response, WorkerEntrypoint


async def parts(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    for number in range(3):
        await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"part %d\n" % number, "more_body": True})
    await send({"type": "http.response.body"})


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.rpartition("/")[2]
        if path == "held":
            return Response(held())
        if path == "items":
            return Response.json(await request.json())
        if path == "parts":
            return await asgi.fetch(parts, request.js_object, self.env)
        if path == "waits":
            run_sync(asyncio.sleep(0.001))
        if path == "late":
            await late()
        if path == "fails":
            raise ValueError
        if path == "stuck":
            await stuck()
        if "/left/" in request.url:
            return await asgi.fetch(endless, request.js_object, self.env)
        return Response("Hello world!")
