"""What libraries do with threads, each by a path; Flask; and requests, which waits on a switched stack."""

from urllib.parse import urlsplit

import anyio.from_thread
import anyio.to_thread
import asgi
import asgiref.sync
import django_site
import flask
import wsgi
from workers import Response, WorkerEntrypoint

app = flask.Flask(__name__)


@app.get("/flask/<name>")
def greet(name):
    return flask.jsonify(greeting=f"Hello, {name}!", query=flask.request.args.get("q"))


@app.post("/flask/body")
def length():
    return str(len(flask.request.get_data()))


@app.errorhandler(404)
def missing(error):
    return "nothing here", 404


async def double(number):
    await anyio.sleep(0.01)
    return number * 2


async def with_asgiref():
    def sync(number):
        return asgiref.sync.async_to_sync(double)(number) + 1

    return await asgiref.sync.sync_to_async(sync)(10)


async def with_thread_sensitive():
    async with asgiref.sync.ThreadSensitiveContext():
        return await asgiref.sync.sync_to_async(lambda: 7, thread_sensitive=True)()


async def with_anyio():
    def sync():
        return anyio.from_thread.run(double, 20) + anyio.from_thread.run_sync(lambda: 1)

    return await anyio.to_thread.run_sync(sync)


async def with_error():
    def sync():
        raise LookupError("as raised")

    try:
        await anyio.to_thread.run_sync(sync)
    except LookupError as error:
        return str(error)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = urlsplit(request.url).path
        if path.startswith("/django"):
            return await asgi.fetch(django_site.asgi_app, request.js_object, self.env)
        if path.startswith("/wsgi-django"):
            return await wsgi.fetch(django_site.wsgi_app, request.js_object, self.env)
        if path.startswith("/flask"):
            return await wsgi.fetch(app, request.js_object, self.env)
        return Response.json(await getattr(self, path[1:])())

    async def threads(self):
        return [await with_asgiref(), await with_thread_sensitive(), await with_anyio(), await with_error()]

    async def requests(self):
        import requests
        from urllib3.connection import HTTPConnection

        class Adapter(requests.adapters.HTTPAdapter):
            def init_poolmanager(self, *args, **options):
                keep_alive = [*HTTPConnection.default_socket_options, (1, 9, 1)]
                super().init_poolmanager(*args, socket_options=keep_alive, **options)

        session = requests.Session()
        session.mount("http://", Adapter())
        headers = {"x-one": "1", "x-two": b"of bytes"}
        answer = session.post(f"{self.env.UPSTREAM}/echo", json={"a": 1}, headers=headers, timeout=10)
        return [answer.status_code, answer.json(), answer.headers["x-two"]]
