"""The API of `workers`, imported at the top as the platform's documentation does; each path asks a method."""

import asyncio
import os
from datetime import datetime, timezone
from urllib.parse import urlsplit

from js import JSON, HTMLRewriter, Object, WebSocketPair, caches
from pyodide.ffi import create_proxy, to_js
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


class Counter(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.calls = 0
        self.settings = None
        ctx.blockConcurrencyWhile(self._load)

    async def _load(self):
        await asyncio.sleep(0.01)
        self.settings = await self.ctx.storage.get("settings") or "none"

    def loaded(self):
        return self.settings

    async def loaded_later(self):
        await asyncio.sleep(0)
        return self.settings

    async def add(self, numbers):
        """Takes a list, and returns a dictionary."""
        self.calls += 1
        total = (await self.ctx.storage.get("total") or 0) + sum(numbers)
        await self.ctx.storage.put("total", total)
        return {"total": total, "calls": self.calls}

    async def rows(self):
        return [row.n for row in self.ctx.storage.sql.exec("SELECT 1 AS n UNION SELECT 2 ORDER BY n").toArray()]

    async def fetch(self, request):
        return Response(f"{request.method.value} {self.calls}")

    async def bump(self, by=1, *, twice=False):
        return [by, twice]

    async def bump_by(self, by, options):
        return by * 2 if options.twice else by

    async def fail(self):
        raise ValueError("inside the object")

    async def leave(self):
        os._exit(3)


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


class Doubling(WorkflowEntrypoint):
    async def run(self, event, step):
        @step.do("first")
        async def first():
            return {"number": event["payload"]["number"] * 2}

        await step.sleep("a moment", 10)

        @step.do("second", depends=[first], config={"retries": {"limit": 1, "delay": 10}})
        def second(result):
            return result["number"] + 1

        return await second()


class Named(WorkerEntrypoint):
    async def greet(self, name, options):
        return f"Hello, {name}{options['mark']}"

    async def fetch(self):
        return Response("of the class")

    async def nested(self, value):
        """Which types it was given, and the same."""
        return [[type(item).__name__ for item in value["items"]], value]

    async def options(self, first, options):
        return [first, options]

    async def describe(self, response):
        return [response.status, await response.text()]


def plain(value):
    return to_js(value, dict_converter=Object.fromEntries)


async def until(look):
    """The first answer that is true."""
    for _ in range(200):
        if found := await look():
            return found
        await asyncio.sleep(0.05)


async def outcome(workflow):
    async def look():
        status = await workflow.status()
        return status.status in ("complete", "errored") and status

    status = await until(look)
    return [status.status, status.output, status.error and status.error.message]


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
            ["\ud83d", JSON.parse('["\\ud83d"]')],
            [JSON.parse('[null, {"a": null}]'), *JSON.parse("[null, 1]"), attempt(lambda: Response.json([JSON.parse]))],
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
        return await outcome(await self.env.SUMS.create({"params": {"fails": request.url.endswith("?fails")}}))

    async def doubled(self, _request):
        return await outcome(await self.env.DOUBLING.create(plain({"params": {"number": 20}})))

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

    async def loaded(self, _request):
        counters = self.env.COUNTER
        loaded = counters.get(counters.idFromName("loaded")).loaded()
        return await asyncio.gather(loaded, counters.get(counters.idFromName("later")).loaded_later())

    async def counter(self, _request):
        counters = self.env.COUNTER
        stub = counters.get(counters.idFromName("one"))
        first = await stub.add(to_js([1, 2]))
        second = await stub.add(to_js([4]))
        answer = await stub.fetch("http://x/", plain({"method": "POST"}))
        try:
            await stub.fail()
        except Exception as error:
            failure = str(error)
        return [first, second, await answer.text(), await stub.rows(), failure]

    async def bumped(self, _request):
        stub = self.env.COUNTER.getByName("one")
        refused = []
        for call in (lambda: stub.bump(5, twice=True), lambda: stub.bump(5, 6, 7)):
            try:
                refused.append(await call())
            except Exception as error:
                refused.append(str(error))
        return [await stub.bump(5), await stub.bump(by=3), await stub.bump_by(5, twice=True), *refused]

    async def leave(self, _request):
        await self.env.COUNTER.getByName("one").leave()

    async def named(self, _request):
        return await self.env.SELF.greet("Bob", plain({"mark": "!"}))

    async def called(self, _request):
        return await self.env.OWN.sum_of([1, 2])

    async def sum_of(self, numbers):
        """Takes a list, and returns a dictionary."""
        return {"total": sum(numbers)}

    async def emailed(self, _request):
        print("asked for e-mail")
        return await self.env.RECEIVED.get("mail")

    async def email(self, message):
        await self.env.RECEIVED.put("mail", f"{getattr(message, 'from')}: {message.headers.get('subject')}")

    async def tailed(self, _request):
        return await until(lambda: self.env.RECEIVED.get("log"))

    async def tail(self, events):
        for one in events:
            for line in one.logs:
                if line.message[0].startswith("asked"):
                    await self.env.RECEIVED.put("log", f"{one.outcome}: {line.message[0]}")

    async def enqueue(self, _request):
        await self.env.QUEUE.send(plain({"text": "a note"}))
        return await until(lambda: self.env.RECEIVED.get("note"))

    async def queue(self, batch):
        for message in batch.messages:
            await self.env.RECEIVED.put("note", f"{batch.queue}: {message.body.text}")
            message.ack()
