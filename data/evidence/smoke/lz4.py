import lz4.frame
assert lz4.frame.decompress(lz4.frame.compress(b"pinwheel" * 99)) == b"pinwheel" * 99
