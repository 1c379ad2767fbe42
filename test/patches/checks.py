"""Named checks that run on CPython, in Pyodide and in workerd.

A check is a function, asynchronous or not, that takes the server's addresses and asserts. It says which traits
of a host it needs:
  cpython      sockets, upstream's own transports
  emscripten   fetch
  sync         a host in which synchronous code can wait (CPython; Emscripten with stack switching)
  no-sync      a host in which it cannot
  node         Emscripten inside Node, whose fetch is undici
  connect-limit  a host that gives up connecting, and reports it
"""

import asyncio
import gc
import inspect
import itertools
import time
import traceback

LIMIT = 60  # seconds; a check that takes as long hangs

_checks = []
_keys = itertools.count()


class Server:
    """Addresses of the test server."""

    def __init__(self, origin, other, closed, full, **_):
        self.origin = origin
        self.other = other
        self.closed = closed
        self.full = full

    def key(self):
        """A new name for a gate."""
        return f"{time.time_ns()}-{next(_keys)}"


def check(title, needs=""):
    def register(function):
        _checks.append((title, frozenset(needs.split()), function))
        return function

    return register


async def run_checks(server, traits, pattern=""):
    """One outcome for each check for which this host has the traits: None, or what went wrong."""
    outcomes = {}
    for title, needs, function in _checks:
        if not needs <= frozenset(traits) or pattern not in title:
            continue
        try:
            result = function(server)
            if inspect.isawaitable(result):
                await asyncio.wait_for(result, LIMIT)
            outcomes[title] = None
        except BaseException as error:
            outcomes[title] = "".join(traceback.format_exception(error))
    return outcomes


class raises:
    """`with raises(SomeError) as caught:`; the error is `caught.error`."""

    def __init__(self, *kinds):
        self.kinds = kinds
        self.error = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert error is not None, f"nothing was raised, where {self.kinds} was expected"
        self.error = error
        if type(error) not in self.kinds:
            raise AssertionError(f"{error!r} was raised, where {self.kinds} was expected") from error
        return True


async def leaves_no_proxies(client, one):
    """Requests leave no objects alive that Python and JavaScript hold of each other; `one` sends the nth of them."""
    from js import liveObjects

    async def settled():
        for _ in range(5):
            await asyncio.sleep(0.02)
            gc.collect()
        return liveObjects().to_py()

    async with client:
        for number in range(50):
            await one(client, number)
        before = await settled()
        for number in range(1000):
            await one(client, number)
        after_sequential = await settled()
        await asyncio.gather(*(one(client, number) for number in range(100)))
        after_concurrent = await settled()
    assert all(b <= a for a, b in zip(before, after_sequential)), (before, after_sequential)
    assert all(b <= a for a, b in zip(before, after_concurrent)), (before, after_concurrent)
