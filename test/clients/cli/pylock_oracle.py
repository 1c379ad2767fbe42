"""Reads pylock.toml files with `packaging`, and says what a Python with an environment and tags installs of them.

Usage: pylock_oracle.py FOLDER, where FOLDER holds the packaging package. JSON lines in: the text, the environment and
the tags, best first. JSON lines out: name and version of each package, the SHA-256 of its file, and the names of what it
depends on among those. Fails if one of these is not exactly one package of the file.
"""

import json
import sys
import tomllib

sys.path.insert(0, sys.argv[1])

from packaging.markers import Marker  # noqa: E402
from packaging.pylock import Pylock  # noqa: E402
from packaging.tags import Tag  # noqa: E402

for line in sys.stdin:
    question = json.loads(line)
    lock = Pylock.from_dict(tomllib.loads(question["text"]))
    tags = [Tag(*tag.split("-")) for tag in question["tags"]]
    chosen = list(lock.select(environment=question["environment"], tags=tags))

    def depends(package):
        for wanted in package.dependencies or []:
            if "marker" in wanted:
                wanted = {**wanted, "marker": Marker(wanted["marker"])}
            found = [one for one in lock.packages if all(str(getattr(one, key)) == str(value) for key, value in wanted.items())]
            (only,) = found
            if any(only is one for one, _ in chosen):
                yield only.name

    print(json.dumps(sorted([one.name, str(one.version), file.hashes["sha256"], sorted(depends(one))] for one, file in chosen)))
