import simplejson
assert simplejson.loads("1.1", use_decimal=True) * 10 == 11
