"""Answers questions about Python's standards with `packaging`: JSON lines in, JSON lines out.

Usage: packaging_oracle.py FOLDER, where FOLDER holds the packaging package.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from packaging.markers import InvalidMarker, Marker  # noqa: E402
from packaging.requirements import InvalidRequirement, Requirement  # noqa: E402
from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: E402
from packaging.utils import canonicalize_name  # noqa: E402
from packaging.version import InvalidVersion, Version  # noqa: E402


def compare(question):
    """-1, 0 or 1; null if one of the two is not a version."""
    try:
        a, b = Version(question["a"]), Version(question["b"])
    except InvalidVersion:
        return None
    return (a > b) - (a < b)


def contains(question):
    """[with pre-releases, by default]; null if the specifiers are invalid."""
    try:
        specifiers = SpecifierSet(question["specifiers"])
    except InvalidSpecifier:
        return None
    version = question["version"]
    return [specifiers.contains(version, prereleases=True), specifiers.contains(version)]


def evaluate(marker, environments):
    """One of true, false and null (which stands for an exception) per environment."""

    def holds(environment):
        try:
            return marker.evaluate(environment)
        except Exception:
            return None

    return [holds(environment) for environment in environments]


def marker(question):
    """Null if the marker is invalid."""
    try:
        parsed = Marker(question["marker"])
    except InvalidMarker:
        return None
    return evaluate(parsed, question["environments"])


def requirement(question):
    """Null if the requirement is invalid."""
    try:
        parsed = Requirement(question["requirement"])
    except InvalidRequirement:
        return None
    return {
        "name": canonicalize_name(parsed.name),
        "written_name": parsed.name,
        "extras": sorted({canonicalize_name(extra) for extra in parsed.extras}),
        "specifiers": sorted({str(specifier) for specifier in parsed.specifier}),
        "marker": parsed.marker and evaluate(parsed.marker, question["environments"]),
        "url": parsed.url is not None,
    }


QUESTIONS = {"compare": compare, "contains": contains, "marker": marker, "requirement": requirement}

for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(QUESTIONS[question["kind"]](question)))
