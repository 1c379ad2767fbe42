"""CPython's host of the checks: a JSON question on stdin, the outcomes as JSON on stdout."""

import asyncio
import contextlib
import importlib
import io
import json
import sys

question = json.load(sys.stdin)
sys.path[:0] = question["path"]


async def main():
    modules = [importlib.import_module(name) for name in question["modules"]]
    if question.get("function"):
        return await getattr(modules[0], question["function"])(**question["arguments"])
    from checks import Server, run_checks

    return await run_checks(Server(**question["server"]), question["traits"], question.get("pattern", ""))


printed = io.StringIO()
with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
    result = asyncio.run(main())
json.dump({"result": result, "printed": printed.getvalue()}, sys.stdout)
