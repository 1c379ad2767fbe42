"""CPython's host of the checks: a JSON question on stdin, the outcomes as JSON on stdout."""

import asyncio
import contextlib
import io
import json
import sys

text = sys.stdin.read()
sys.path[:0] = json.loads(text)["path"]
from call import call  # noqa: E402

printed = io.StringIO()
with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
    result = json.loads(asyncio.run(call(text)))
json.dump({"result": result, "printed": printed.getvalue()}, sys.stdout)
