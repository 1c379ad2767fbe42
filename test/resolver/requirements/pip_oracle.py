"""What pip reads in trees of requirements files: one JSON answer on a line for each question."""

import base64
import json
import os
import re
import sys
import tempfile

from pip._internal.req.req_file import parse_requirements


def read(question):
    os.environ.update(question["variables"])
    found = []
    for one in parse_requirements("r.txt", session=None):
        kind, path, line = re.fullmatch(r"-([rc]) (.*) \(line (\d+)\)", one.comes_from, re.S).groups()
        # Newer versions of pip name files that another one names by their whole path.
        path = os.path.relpath(path) if os.path.isabs(path) else path
        if one.is_editable:
            continue
        hashes = [
            f"{name}:{digest}"
            for name, digests in ((one.options or {}).get("hashes") or {}).items()
            for digest in digests
        ]
        kind = "constraints" if kind == "c" else "requirements"
        found.append([kind, os.path.normpath(path), int(line), one.requirement.strip(), sorted(hashes)])
    return found


for text in sys.stdin:
    question = json.loads(text)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for path, content in question["files"].items():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(content))
        try:
            answer = {"found": read(question)}
        except Exception as error:  # pip refuses in several ways, and crashes in others
            answer = {"refused": f"{type(error).__name__}: {error}"}
        os.chdir("/")
    print(json.dumps(answer))
