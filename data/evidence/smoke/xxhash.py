import xxhash
assert xxhash.xxh32(b"a").hexdigest() == "550d7456"
