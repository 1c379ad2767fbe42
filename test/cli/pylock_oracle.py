"""Reads pylock.toml files with `packaging`, and says what a Python with an environment and tags installs of them.

Usage: pylock_oracle.py FOLDER, where FOLDER holds the packaging package. JSON lines in: the text, the environment and
the tags, best first. JSON lines out: name and version of each package, and its file.
"""

import json
import sys
import tomllib

sys.path.insert(0, sys.argv[1])

from packaging.pylock import Pylock  # noqa: E402
from packaging.tags import Tag  # noqa: E402

for line in sys.stdin:
    question = json.loads(line)
    lock = Pylock.from_dict(tomllib.loads(question["text"]))
    tags = [Tag(*tag.split("-")) for tag in question["tags"]]
    chosen = lock.select(environment=question["environment"], tags=tags)
    print(json.dumps(sorted([one.name, str(one.version), file.filename] for one, file in chosen)))
