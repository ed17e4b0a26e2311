"""Writes npy/*.npy: the same numbers in every type, byte order, memory order and version of the format."""
import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "npy")


def write(name, array, version=(1, 0)):
    with open(os.path.join(FOLDER, name + ".npy"), "wb") as f:
        np.lib.format.write_array(f, array, version=version)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    numbers = np.arange(24).reshape(2, 3, 4)
    for letters in ("<f2", "<f4", "<f8", ">f2", ">f4", ">f8"):
        name = letters.replace("<", "little-").replace(">", "big-")
        write(name, (numbers / 2 - 5).astype(letters))
        write(name + "-fortran", np.asfortranarray((numbers / 2 - 5).astype(letters)))
    for letters in ("<i4", "<i8", "<u2", "<u4", ">i4", ">i8", ">u2", ">u4", "|u1"):
        name = letters.replace("<", "little-").replace(">", "big-").replace("|", "")
        write(name, (numbers * 10).astype(letters))
        write(name + "-fortran", np.asfortranarray((numbers * 10).astype(letters)))
    write("version-2", np.arange(5, dtype="<f4"), version=(2, 0))
    write("version-3", np.arange(5, dtype="<f4"), version=(3, 0))
    write("scalar", np.array(0.1, dtype="<f8"))
    write("empty", np.zeros((3, 0, 2), dtype="<f4"))
    write("empty-fortran", np.asfortranarray(np.zeros((3, 0, 2), dtype="<i8")))
    write("too-large", np.array([1, 2**31], dtype="<i8"))
    write("u2-vector", np.array([0, 1, 65535], dtype="<u2"))
    write("u4-vector", np.array([0, 65536, 2**31 - 1], dtype="<u4"))
    write("too-large-u4", np.array([1, 2, 2**31], dtype="<u4"))
    write("bool", np.array([True, False]))
    write("structured", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
    write("unicode", np.array(["a"]))

    arrays = {"x": np.arange(6, dtype="<f4").reshape(2, 3), "ids": np.arange(5, dtype="<i8"), "bytes": np.arange(250, 256, dtype="u1")}
    np.savez(os.path.join(FOLDER, "stored.npz"), **arrays)
    np.savez_compressed(os.path.join(FOLDER, "packed.npz"), **arrays)


if __name__ == "__main__":
    main()
