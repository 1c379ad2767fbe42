from packaging.version import Version
assert Version("1.10") > Version("1.9")
