"""The tags of wheels, best first, as Python's `packaging` lists them for an interpreter.

Usage: tags_oracle.py FOLDER, which has `packaging`. JSON lines in, JSON lines out: a Python and its platforms, the tags.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from packaging.tags import compatible_tags, cpython_tags  # noqa: E402

for line in sys.stdin:
    question = json.loads(line)
    python = tuple(question["python"])
    own = "cp" + "".join(map(str, python))
    platforms = [f"{platform}_wasm32" for platform in question["platforms"]]
    tags = [*cpython_tags(python, [own], platforms), *compatible_tags(python, own, platforms)]
    print(json.dumps([str(tag) for tag in tags]), flush=True)
