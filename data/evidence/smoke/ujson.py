import ujson
assert ujson.loads(ujson.dumps([1, "a", None])) == [1, "a", None]
