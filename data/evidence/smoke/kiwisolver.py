import kiwisolver
solver, x = kiwisolver.Solver(), kiwisolver.Variable("x")
solver.addConstraint(x >= 3)
solver.updateVariables()
assert x.value() == 3
