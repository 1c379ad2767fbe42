import msgpack
assert msgpack.unpackb(msgpack.packb({"a": [1, 2.5]})) == {"a": [1, 2.5]}
