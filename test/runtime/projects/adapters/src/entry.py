import application
import asgi
import wsgi
from workers import WorkerEntrypoint


async def ending_lifespan(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        raise LookupError("in the middle of the lifespan")
    await application.answer(send, "goes on")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = request.url.split("/", 3)[3]
        if path.startswith("wsgi"):
            return await wsgi.fetch(application.wsgi_app, request.js_object, self.env)
        if path == "ending-lifespan":
            return await asgi.fetch(ending_lifespan, request.js_object, self.env)
        return await asgi.fetch(application.app, request.js_object, self.env)
