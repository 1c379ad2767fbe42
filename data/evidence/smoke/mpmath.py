import mpmath
assert str(mpmath.mp.pi)[:8] == "3.141592"
