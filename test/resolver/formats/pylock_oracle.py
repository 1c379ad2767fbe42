"""Reads pylock.toml with `packaging`: JSON lines in, JSON lines out.

Usage: pylock_oracle.py FOLDER, where FOLDER holds the packaging package. A question has the text of the file, the
variables of an environment, the platforms whose wheels it can load, and whether it is asked what depends on what.
"""

import json
import sys
import tomllib

sys.path.insert(0, sys.argv[1])

from packaging.markers import Marker  # noqa: E402
from packaging.pylock import Pylock, PylockSelectError, PylockValidationError  # noqa: E402
from packaging.tags import compatible_tags, cpython_tags  # noqa: E402


def read(question):
    """What would be installed, as {name: [version, file name, url, sha256, size]}; or what is wrong."""
    try:
        lock = Pylock.from_dict(tomllib.loads(question["text"]))
    except (tomllib.TOMLDecodeError, PylockValidationError) as error:
        return {"invalid": str(error)}
    environment = question["environment"]
    python = tuple(int(part) for part in environment["python_version"].split("."))
    platforms = question["platforms"]
    interpreter = "cp" + "".join(environment["python_version"].split("."))
    tags = [
        *cpython_tags(python, platforms=platforms),
        *compatible_tags(python, interpreter, platforms),
    ]
    try:
        selected = list(lock.select(environment=environment, tags=tags))
    except PylockSelectError as error:
        return {"refused": str(error)}
    answer = {
        "selected": {
            package.name: [
                str(package.version),
                wheel.filename,
                wheel.url,
                dict(wheel.hashes),
                wheel.size,
            ]
            for package, wheel in selected
        }
    }
    if question.get("depends"):
        chosen = [package for package, _ in selected]
        answer["depends"] = {package.name: depends(package, chosen, lock) for package in chosen}
    return answer


def depends(package, chosen, lock):
    """The chosen packages that one depends on. Fails if a dependency is not exactly one package of the file."""
    names = []
    for wanted in package.dependencies or []:
        if "marker" in wanted:
            wanted = {**wanted, "marker": Marker(wanted["marker"])}
        (only,) = [
            other
            for other in lock.packages
            if all(str(getattr(other, key)) == str(value) for key, value in wanted.items())
        ]
        if any(only is other for other in chosen):
            names.append(only.name)
    return sorted(names)


for line in sys.stdin:
    print(json.dumps(read(json.loads(line))))
