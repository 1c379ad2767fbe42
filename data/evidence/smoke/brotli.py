import brotli
assert brotli.decompress(brotli.compress(b"pinwheel" * 99)) == b"pinwheel" * 99
