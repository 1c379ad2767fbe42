"""What pip's own resolver answers, many times in one process: JSON lines in, JSON lines out.

Usage: pip_answers.py INDEX_URL. Each line is a list of requirements, each answer a sorted list of name==version, or
null if pip finds none. Everything is asked of that index, and nothing is installed.
"""

import contextlib
import io
import json
import os
import sys
import tempfile

os.environ["PIP_CONFIG_FILE"] = os.devnull
for name in [name for name in os.environ if name.startswith("PIP_") and name != "PIP_CONFIG_FILE"]:
    del os.environ[name]

from pip._internal.cli.main import main  # noqa: E402
from pip._vendor.packaging.utils import canonicalize_name  # noqa: E402

OPTIONS = ["--isolated", "--no-cache-dir", "--disable-pip-version-check", "--retries=0", "--quiet", "--quiet"]


def answer(requirements, report):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = main(
            ["install", "--dry-run", "--ignore-installed", "--only-binary=:all:", f"--report={report}"]
            + [*OPTIONS, f"--index-url={sys.argv[1]}", *requirements]
        )
    if code != 0:
        return None
    with open(report, encoding="utf-8") as file:
        found = [item["metadata"] for item in json.load(file)["install"]]
    return sorted(f"{canonicalize_name(one['name'])}=={one['version']}" for one in found)


with tempfile.TemporaryDirectory() as folder:
    for line in sys.stdin:
        requirements = json.loads(line)
        # With nothing to do, pip asks for something to do.
        print(json.dumps(answer(requirements, os.path.join(folder, "report.json"))), flush=True)
