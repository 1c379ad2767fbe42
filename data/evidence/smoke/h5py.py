import h5py
with h5py.File("/tmp/smoke.h5", "w") as file:
    file["numbers"] = [1, 2, 3]
    assert int(file["numbers"][:].sum()) == 6
