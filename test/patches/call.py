"""Handles a question on any host: runs the checks of its modules, or calls a function of the first one."""

import importlib
import json


async def call(text):
    """The outcome of a question, both as JSON."""
    question = json.loads(text)
    modules = [importlib.import_module(name) for name in question["modules"]]
    if question.get("function"):
        result = await getattr(modules[0], question["function"])(**question["arguments"])
    else:
        from checks import Server, run_checks

        server = Server(**question["server"])
        result = await run_checks(server, question["traits"], question.get("pattern", ""))
    return json.dumps(result)
