class WorkerEntrypoint:
    """A Worker's handlers: `fetch`, `scheduled` and `queue`. Each event gets an instance of its own."""

    def __init__(self, ctx, env):
        self.ctx = ctx
        self.env = env


class DurableObject(WorkerEntrypoint):
    """A Durable Object. Stubs call its methods; `self.ctx.storage` is its storage."""


def handler(function):
    """Marks a handler, and changes nothing: handlers are found by their names."""
    return function
