"""Which versions an advisory is about, by packaging. A line is {ranges, versions, asked}; its answer is a list, with null for what is no version."""

import functools
import json
import sys

sys.path.insert(0, sys.argv[1])
from packaging.version import InvalidVersion, Version  # noqa: E402


@functools.cache
def parse(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


def public(version):
    return parse(version.public) if version.local else version


def within(bounds, version):
    introduced, fixed, last = (bounds.get(key) and parse(bounds[key]) for key in ("introduced", "fixed", "last_affected"))
    return (
        (introduced is None or version >= introduced)
        and (fixed is None or version < fixed)
        and (last is None or version <= last)
    )


for line in sys.stdin:
    advisory = json.loads(line)
    listed = {parse(text) for text in advisory["versions"]}
    versions = [parse(text) and public(parse(text)) for text in advisory["asked"]]
    affected = [v and (v in listed or any(within(r, v) for r in advisory["ranges"])) for v in versions]
    print(json.dumps(affected))
