from fontTools.misc.transform import Scale
assert Scale(2).transformPoint((1, 2)) == (2, 4)
