import idna
assert idna.encode("bücher.example") == b"xn--bcher-kva.example"
