from Crypto.Hash import SHA256
assert SHA256.new(b"").hexdigest().startswith("e3b0c442")
