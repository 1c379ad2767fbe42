"""A Durable Object, a Workflow, a queue and an entry point with methods, each asked by a path."""

import asyncio
import os
from urllib.parse import urlsplit

from js import Object
from pyodide.ffi import to_js
from workers import DurableObject, Response, WorkerEntrypoint, WorkflowEntrypoint


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


def plain(value):
    return to_js(value, dict_converter=Object.fromEntries)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response.json(await getattr(self, urlsplit(request.url).path[1:])())

    async def loaded(self):
        counters = self.env.COUNTER
        loaded = counters.get(counters.idFromName("loaded")).loaded()
        return await asyncio.gather(loaded, counters.get(counters.idFromName("later")).loaded_later())

    async def counter(self):
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

    async def bumped(self):
        stub = self.env.COUNTER.getByName("one")
        refused = []
        for call in (lambda: stub.bump(5, twice=True), lambda: stub.bump(5, 6, 7)):
            try:
                refused.append(await call())
            except Exception as error:
                refused.append(str(error))
        return [await stub.bump(5), await stub.bump(by=3), await stub.bump_by(5, twice=True), *refused]

    async def leave(self):
        await self.env.COUNTER.getByName("one").leave()

    async def workflow(self):
        instance = await self.env.DOUBLING.create(plain({"params": {"number": 20}}))
        for _ in range(200):
            status = await instance.status()
            if status.status in ("complete", "errored"):
                return status
            await asyncio.sleep(0.05)

    async def named(self):
        return await self.env.SELF.greet("Bob", plain({"mark": "!"}))

    async def called(self):
        return await self.env.OWN.sum_of([1, 2])

    async def sum_of(self, numbers):
        """Takes a list, and returns a dictionary."""
        return {"total": sum(numbers)}

    async def emailed(self):
        print("asked for e-mail")
        return await self.env.KV.get("mail")

    async def email(self, message):
        await self.env.KV.put("mail", f"{getattr(message, 'from')}: {message.headers.get('subject')}")

    async def tailed(self):
        for _ in range(200):
            if found := await self.env.KV.get("log"):
                return found
            await asyncio.sleep(0.05)

    async def tail(self, events):
        for one in events:
            for line in one.logs:
                if line.message[0].startswith("asked"):
                    await self.env.KV.put("log", f"{one.outcome}: {line.message[0]}")

    async def enqueue(self):
        await self.env.NOTES.send(plain({"text": "a note"}))
        for _ in range(200):
            if found := await self.env.KV.get("note"):
                return found
            await asyncio.sleep(0.05)

    async def queue(self, batch):
        for message in batch.messages:
            await self.env.KV.put("note", f"{batch.queue}: {message.body.text}")
            message.ack()
