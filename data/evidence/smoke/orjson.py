import orjson
assert orjson.loads(orjson.dumps({"a": [1, None, "ä"]})) == {"a": [1, None, "ä"]}
