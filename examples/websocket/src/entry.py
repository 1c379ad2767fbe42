import asgi
from workers import WorkerEntrypoint


async def echo(scope, receive, send):
    """An ASGI application: it accepts a WebSocket, and says again whatever it is told."""
    if scope["type"] != "websocket":
        raise ValueError("This application is a WebSocket.")
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"], "bytes": event["bytes"]})


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await asgi.fetch(echo, request.js_object, self.env)
