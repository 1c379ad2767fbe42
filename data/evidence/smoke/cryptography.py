from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.generate()
assert key.public_key().verify(key.sign(b"pinwheel"), b"pinwheel") is None
