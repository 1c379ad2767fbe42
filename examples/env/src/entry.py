from pyodide.ffi import run_sync, to_js
from workers import Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        env = self.env
        await env.KV.put("name", "world")
        await env.BUCKET.put("file", to_js(b"bytes from Python"))
        stored = await env.BUCKET.get("file")
        return Response.json(
            {
                "greeting": f"{env.GREETING}, {await env.KV.get('name')}!",
                # The same without await: the stack is switched while it waits.
                "sync": run_sync(env.KV.get("name")),
                "missing": await env.KV.get("nothing"),
                "file": (await stored.arrayBuffer()).to_bytes().decode(),
            }
        )
