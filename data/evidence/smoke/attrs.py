import attrs
Point = attrs.make_class("Point", ["x", "y"])
assert attrs.asdict(Point(1, 2)) == {"x": 1, "y": 2}
