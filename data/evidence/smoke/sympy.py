import sympy
x = sympy.Symbol("x")
assert sympy.integrate(2 * x, x) == x**2
