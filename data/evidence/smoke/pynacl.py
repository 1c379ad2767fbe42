from nacl.signing import SigningKey
key = SigningKey.generate()
assert key.verify_key.verify(key.sign(b"pinwheel")) == b"pinwheel"
