import numpy as np
assert (np.array([[1, 2], [3, 4]]) @ np.array([5, 6])).tolist() == [17, 39]
