from shapely.geometry import box
assert box(0, 0, 2, 2).intersection(box(1, 1, 3, 3)).area == 1
