class WorkerEntrypoint:
    """A Worker's handlers: `fetch`, `scheduled` and `queue` are called, each on an instance of its own."""

    def __init__(self, ctx, env):
        self.ctx = ctx
        self.env = env


class DurableObject(WorkerEntrypoint):
    """A Durable Object: its methods are called by stubs. `self.ctx.storage` is its storage."""


def handler(function):
    """Marks a handler. Handlers are known by their names, so that nothing has to be done."""
    return function
