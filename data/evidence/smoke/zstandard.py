import zstandard
assert zstandard.decompress(zstandard.compress(b"pinwheel" * 99)) == b"pinwheel" * 99
