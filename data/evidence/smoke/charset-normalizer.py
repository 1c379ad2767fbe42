import charset_normalizer
assert str(charset_normalizer.from_bytes("Bücher, Äpfel, Öl".encode()).best()) == "Bücher, Äpfel, Öl"
