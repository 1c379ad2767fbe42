"""What `workers` has beside requests and entry points, imported at the top as the platform's documentation does."""

import asyncio
from datetime import datetime, timezone
from urllib.parse import urlsplit

from js import HTMLRewriter, WebSocketPair, caches
from pyodide.ffi import create_proxy
from workers import (
    Blob,
    Context,
    DurableObject,
    FetchResponse,
    File,
    FormData,
    Response,
    WorkerEntrypoint,
    WorkflowEntrypoint,
    asgi,
    env,
    fetch,
    import_from_javascript,
    patch_env,
    python_from_rpc,
    python_to_rpc,
    wsgi,
)
from workers.workflows import NonRetryableError

bindings = import_from_javascript("cloudflare:workers").env
crypto = import_from_javascript("node:crypto")

cache = caches.default

try:
    HTMLRewriter.new()
except Exception as error:
    REWRITER_AT_IMPORT = str(error)
try:
    crypto.randomUUID()
except ImportError as error:
    AT_IMPORT = str(error)
try:
    env.GREETING
except RuntimeError as error:
    BINDINGS_AT_IMPORT = str(error)


class Notes(DurableObject):
    async def keep(self, notes):
        """Takes and returns a dictionary."""
        await self.ctx.storage.put("notes", python_to_rpc(notes))
        return {"count": len(notes), "at": datetime(2026, 1, 2, tzinfo=timezone.utc), "first": notes["a"]}

    async def fetch(self, request):
        return Response(f"{request.method.value} {await request.text()}")

    async def call(self, function):
        return await function(4)


async def asgi_app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-env", scope["env"].GREETING.encode())]})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def wsgi_app(environ, start):
    start("201 Created", [("x-env", environ["workers.env"].GREETING)])
    return [environ["PATH_INFO"].encode()]


class Heading:
    def element(self, element):
        element.setInnerContent("New")


class Sums(WorkflowEntrypoint):
    tries = 0

    async def run(self, event, step):
        @step.do()
        async def one():
            return 1

        @step.do("the second")
        async def two(ctx):
            return {"value": 2, "attempt": ctx["attempt"]}

        @step.do(config={"retries": {"limit": 5, "delay": 1}})
        async def total(one, two):
            Sums.tries += 1
            if event["payload"]["fails"]:
                raise NonRetryableError(f"tried {Sums.tries} times")
            return one + two["value"] + two["attempt"]

        return await total()


class Named(WorkerEntrypoint):
    async def fetch(self):
        return Response("of the class")

    async def nested(self, value):
        """Which types it was given, and the same."""
        return [[type(item).__name__ for item in value["items"]], value]

    async def options(self, first, options):
        return [first, options]

    async def describe(self, response):
        return [response.status, await response.text()]


def attempt(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Default(WorkerEntrypoint):
    ctx: Context

    async def fetch(self, request):
        return Response.from_json(await getattr(self, urlsplit(request.url).path[1:])(request))

    async def bindings(self, _request):
        with patch_env({"GREETING": "Hi"}, EXTRA={"a": [1]}):
            patched = [env.GREETING, env.EXTRA.a.to_py(), env["GREETING"]]
        settings = [env.SETTINGS, self.env.SETTINGS["inner"].on, bindings.SETTINGS.names.length]
        return [AT_IMPORT, BINDINGS_AT_IMPORT, env.GREETING, bindings.GREETING, patched, "EXTRA" in env, settings]

    async def modules(self, _request):
        connect = import_from_javascript("cloudflare:sockets").connect
        missing = attempt(lambda: import_from_javascript("node:nothing"))
        return [len(crypto.randomUUID()), callable(connect), missing.partition(":")[0]]

    async def form(self, request):
        form = await request.form_data()
        file = form["file"]
        form.append("name", "third")
        form["new"] = Blob(["a", b"b", bytearray(b"c")], "text/x-abc")
        del form["gone"]
        sent = await Response(form).form_data()
        return {
            "items": [(name, value if isinstance(value, str) else type(value).__name__) for name, value in form.items()],
            "names": form.get_all("name"),
            "missing": [form.get("nothing"), "nothing" in form, attempt(lambda: form["nothing"])],
            "length": [len(form), list(form)],
            "file": [file.name, file.content_type, file.size, await file.text(), isinstance(file, File)],
            "sent": (await sent["new"].bytes()).decode(),
            "wrong": attempt(lambda: form.append("x", ["list"])),
        }

    async def blobs(self, _request):
        file = File("text", "a.txt", "text/plain", last_modified=5)
        parts = Blob([file, Blob("é")])
        copy, named = Blob(file), File(file, "b.txt")
        return {
            "parts": [parts.size, parts.content_type, await parts.text()],
            "copy": [copy.content_type, copy.size],
            "named": [named.name, named.content_type, named.last_modified],
            "slice": await parts.slice(1, 3).text(),
            "response": [await Response(file).text(), Response(file).headers["content-type"]],
            "wrong": attempt(lambda: Blob([1])),
        }

    async def responses(self, request):
        response = Response("first", status=201, headers={"x-a": "b"})
        replaced = response.replace_body("second")
        again = Response(replaced.js_object)
        return [
            [again.status, again.headers["x-a"], await again.text(), again.body_used, again.bodyUsed],
            [isinstance(response, FetchResponse), response.web_socket, request.body, request.cf is None],
            attempt(lambda: Response({"a": 1})),
            attempt(lambda: Response(again.js_object, status=200)),
            attempt(lambda: response.nothing),
            await Response.json([1.5]).json(parse_float=str),
        ]

    async def calls(self, _request):
        stub = self.env.NOTES.getByName("one")
        kept = await stub.keep({"a": [1, {"b": 2}], "c": None})
        answer = await stub.fetch("http://x/", method="POST", body="text")
        described = await self.env.SELF.describe(Response("a response", status=201))
        there = python_from_rpc(python_to_rpc({"a": {1, 2}, "b": b"bytes"}))
        try:
            await stub.keep(object())
        except TypeError as error:
            wrong = str(error)
        called = await stub.call(lambda number: number + 1)
        kept["at"] = kept["at"].isoformat()
        return [kept, await answer.text(), described, sorted(there["a"]), bytes(there["b"]).decode(), wrong, called]

    async def nested(self, _request):
        types, value = await self.env.SELF.nested({"items": [b"bytes", None, {"a": b""}, "text"]})
        return [types, [repr(item) for item in value["items"]], repr(await self.env.SELF.options(1, two=2, three=b"3"))]

    async def stores(self, _request):
        kv, bucket, database = self.env.KV, self.env.BUCKET, self.env.DB
        await kv.put("bytes", b"\x00\xff", metadata={"a": [1]})
        kept = await kv.getWithMetadata("bytes", "arrayBuffer")
        await bucket.put("bytes", b"\x00\xff", httpMetadata={"contentType": "text/x"})
        file = await bucket.get("bytes")
        await database.exec("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT, data BLOB)")
        insert = database.prepare("INSERT INTO notes (text, data) VALUES (?, ?) RETURNING text, data")
        row = await insert.bind(None, b"\x00\xff").first()
        both = await database.batch([insert.bind("a", None), database.prepare("SELECT text FROM notes ORDER BY id")])
        return {
            "missing": [await kv.get("none"), await bucket.get("none"), await insert.bind("b", None).first("data")],
            "kv": [repr(kept["value"]), kept.metadata.a, [key["name"] for key in (await kv.list())["keys"]]],
            "bucket": [repr((await file.arrayBuffer()).to_bytes()), file.size, file.httpMetadata.contentType],
            "row": [row["text"], row.text, list(row["data"])],
            "batch": [one.results for one in both],
            "listed": [one.key for one in (await bucket.list()).objects],
        }

    async def mail(self, _request):
        message = import_from_javascript("cloudflare:email").EmailMessage
        raw = "From: a@example.com\r\nTo: b@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: Hi\r\n\r\nHello\r\n"
        await self.env.MAIL.send(message.new("a@example.com", "b@example.com", raw))
        return "sent"

    async def workflow(self, request):
        Sums.tries = 0
        instance = await self.env.SUMS.create({"params": {"fails": request.url.endswith("?fails")}})
        for _ in range(200):
            status = await instance.status()
            if status.status in ("complete", "errored"):
                return [status.status, status.output, status.error and status.error.message]
            await asyncio.sleep(0.05)

    async def adapters(self, request):
        answers = [Response(await one.fetch(app, request, self.env)) for one, app in ((asgi, asgi_app), (wsgi, wsgi_app))]
        return [[one.status, one.headers["x-env"], await one.text()] for one in answers]

    async def globals(self, request):
        rewriter = HTMLRewriter.new().on("h1", create_proxy(Heading()))
        rewritten = rewriter.transform(Response("<h1>Old</h1>").js_object)
        sockets = WebSocketPair.new().object_values()
        found = await cache.match("http://x/nothing")
        return [REWRITER_AT_IMPORT, await rewritten.text(), len(sockets), bool(found), request._js_request.url]

    async def method(self, request):
        return [request.method, repr(request).partition(",")[0]]

    async def relaxed(self, _request):
        return await (await self.env.SELF.fetch("http://x/")).text()

    async def fetched(self, request):
        response = await fetch(request.url.replace("fetched", "modules"))
        return [response.status, response.ok, (await response.json())[0]]
