import asgi
import httpx
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from workers import WorkerEntrypoint


def relay(request):
    """A function, not a coroutine: while it waits for httpx, its stack is switched, and others are served."""
    with httpx.Client() as client:
        found = client.get(request.scope["env"].UPSTREAM, params=request.query_params)
    return JSONResponse({"status": found.status_code, "found": found.json()})


async def relay_async(request):
    async with httpx.AsyncClient() as client:
        found = await client.get(request.scope["env"].UPSTREAM, params=request.query_params)
    return JSONResponse({"status": found.status_code, "found": found.json()})


app = Starlette(routes=[Route("/", relay), Route("/async", relay_async)])


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(app, request.js_object, self.env)
