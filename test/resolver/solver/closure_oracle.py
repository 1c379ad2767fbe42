"""Checks answers against every constraint in them with `packaging`: JSON lines in, JSON lines out.

Usage: closure_oracle.py FOLDER, where FOLDER holds the packaging package. Each line has the environment, the Python,
the requirements that were asked, and the packages, each with its version, requires_dist and requires_python. Each
answer is a list of what does not hold.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from packaging.requirements import Requirement  # noqa: E402
from packaging.specifiers import SpecifierSet  # noqa: E402
from packaging.utils import canonicalize_name  # noqa: E402


def check(question):
    packages = question["packages"]
    environment = question["environment"]
    wrong = []
    extras = {name: set() for name in packages}
    todo = [(None, "", text) for text in question["requirements"]]
    seen = set()
    reached = set()
    while todo:
        parent, extra, text = todo.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        package = packages.get(name)
        if package is None:
            wrong.append(f"{parent or 'the question'} requires {text}, which is absent")
            continue
        if not requirement.specifier.contains(package["version"], prereleases=True):
            wrong.append(f"{parent or 'the question'} requires {text}, not {package['version']}")
        reached.add(name)
        for wanted in {"", *map(canonicalize_name, requirement.extras)}:
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            todo.extend((name, wanted, one) for one in package["requires_dist"])
    for name, package in packages.items():
        if name not in reached:
            wrong.append(f"nothing requires {name}")
        if not SpecifierSet(package["requires_python"] or "").contains(question["python"], prereleases=True):
            wrong.append(f"{name} requires Python {package['requires_python']}")
    return wrong


for line in sys.stdin:
    print(json.dumps(check(json.loads(line))))
