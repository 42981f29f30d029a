"""Writes the table that the readers are tested against.

Usage: make_reader_table.py DATA TABLE, where DATA is the folder `shared/data` and TABLE is
Tests/FormatsTests/Tables/readers.csv. Needs numpy, mrcfile, pillow, tifffile, h5py.

A row is a file and what other programs read from it: axes, shape, stored type, the CRC-32 of its
elements as little-endian float32 in the order of the axes, the voxel size in that order, and the
key of the data set that is meant.
"""

import csv
import json
import pathlib
import sys
import warnings
import zlib

import h5py
import mrcfile
import numpy as np
import tifffile
from PIL import Image

warnings.simplefilter("ignore")
ORDER = "QSTCZYX"


def canonical(array, axes):
    order = sorted(range(len(axes)), key=lambda i: ORDER.index(axes[i]))
    return array.transpose(order), "".join(axes[i] for i in order)


def png(path):
    picture = Image.open(path)
    bits = path.read_bytes()[24]
    alpha = picture.mode in ("LA", "RGBA") or "transparency" in picture.info
    if picture.mode == "P":
        array = np.asarray(picture.convert("RGB"))
    elif picture.mode in ("LA", "RGBA"):
        array = np.asarray(picture)[..., :-1]
    else:
        array = np.asarray(picture)
    if bits == 16 and array.ndim == 3:
        array = sixteen_bits(path)[..., : 1 if path.read_bytes()[25] == 4 else 3]
    kind = {1: "bit", 16: "uint16"}.get(bits, "uint8")
    if picture.mode == "P" or array.ndim == 3 and bits != 16:
        kind = "uint8"
    if bits in (2, 4) and array.ndim == 2:
        # Pillow stretches small depths; the stored values are wanted.
        array = array // (255 // (2**bits - 1))
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    return array, "YX" if array.ndim == 2 else "YXC", kind, None


def sixteen_bits(path):
    """Pillow cuts colour of 16 bits to 8: unpacks the rows here (filters by the specification)."""
    data = path.read_bytes()
    width, height = (int.from_bytes(data[i : i + 4], "big") for i in (16, 20))
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[data[25]]
    assert data[28] == 0, "interlaced"
    position, packed = 8, b""
    while position < len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        if data[position + 4 : position + 8] == b"IDAT":
            packed += data[position + 8 : position + 8 + length]
        position += length + 12
    raw, step = zlib.decompress(packed), 2 * channels
    stride, above, rows = width * step, bytes(width * step), []
    for start in range(0, len(raw), stride + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for i in range(stride):
            a = row[i - step] if i >= step else 0
            b, c = above[i], above[i - step] if i >= step else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda v: abs(p - v))
            row[i] = (row[i] + (0, a, b, (a + b) // 2, paeth)[kind]) & 255
        rows.append(bytes(row))
        above = row
    return np.frombuffer(b"".join(rows), ">u2").reshape(height, width, channels)


def mrc(path):
    with mrcfile.open(path, permissive=True) as file:
        header, array = file.header, file.data.copy()
        numbers = [int(header.maps), int(header.mapr), int(header.mapc)]
        axes = "".join("?XYZ"[n] for n in numbers)[-array.ndim :]
        cube = len(set(array.shape)) == 1
        if array.ndim == 3 and int(header.ispg) == 0 and not cube:
            axes = "SYX"
        size = [file.voxel_size[n.lower()] for n in sorted(axes, key=ORDER.index) if n != "S"]
    voxel = size if all(v > 0 for v in size) else None
    return array, axes, str(array.dtype), voxel


def npy(path):
    array = np.load(path)
    axes = {1: "X", 2: "YX", 3: "ZYX"}[array.ndim]
    if array.ndim == 3 and array.shape[2] == 3:
        axes = "YXC"
    return array, axes, str(array.dtype), None


UNITS = {"micron": "um", "\\u00B5m": "um", "um": "um", "nm": "nm", "Angstrom": "A"}


def tiff(path):
    with tifffile.TiffFile(path) as file:
        series = file.series[0]
        page, array = file.pages[0], series.asarray()
        if file.is_ome and "BinaryOnly" in (page.description or ""):
            array = page.asarray()
        kept = [i for i, size in enumerate(array.shape) if size > 1 or series.axes[i] in "YX"]
        axes = "".join(series.axes[i] for i in kept)
        array = array.reshape([array.shape[i] for i in kept])
        if axes.endswith("S") or page.planarconfig == 2:
            axes = axes.replace("S", "C")
        axes = axes.replace("I", "S").replace("Q", "S")
        kind, voxel = str(array.dtype), None
        if page.photometric == 3 and not file.is_imagej:
            array, axes = (page.colormap >> 8)[:, array], "C" + axes
            array, axes = canonical(array, axes)
        if file.is_imagej and UNITS.get(file.imagej_metadata.get("unit")):
            x, y = (page.tags[n].value for n in ("XResolution", "YResolution"))
            step = {"Y": y[1] / y[0], "X": x[1] / x[0]}
            if "Z" in axes:
                step["Z"] = file.imagej_metadata.get("spacing")
            voxel = [step[a] for a in "ZYX" if a in axes]
            voxel = None if None in voxel else voxel
    return array, axes, kind, voxel


def jpeg(path):
    return np.asarray(Image.open(path)), "YXC", "uint8", None


KEYS = {
    "nexus-example.hdf5": "entry/data/frames",
    "sans2009n012333.hdf": "entry1/SANS/detector/counts",
    "Sample_Stack_2021-03-16_128.hdf5": "entry1/counter0/data",
    "simple3D.h5": "entry/data/test",
    "nexus_test_datakey.nxs": "entry1/testdata/nexustest1/data",
}


def hdf5(path):
    with h5py.File(path) as file:
        if "matrix" in file:
            group = file["matrix"]
            genes, cells = group["shape"][:]
            array, starts = np.zeros((cells, genes), "f4"), group["indptr"][:]
            for cell in range(cells):
                part = slice(starts[cell], starts[cell + 1])
                np.add.at(array[cell], group["indices"][part], group["data"][part])
            return array, "YX", str(group["data"].dtype), None
        if path.name not in KEYS:
            found = []
            file.visititems(lambda n, o: found.append(o) if getattr(o, "ndim", 0) > 2 else None)
            array = found[0][:][..., 0]
        else:
            array = file[KEYS[path.name]][:]
    return array, "YX" if array.ndim == 2 else "SYX", str(array.dtype), None


def landmarks(path):
    points = json.loads(path.read_text())
    return np.array([[p[k]] for p in points for k in "xy"]), "CX", "float64", None


READERS = [
    (("*.png",), png),
    (("maps/*",), mrc),
    (("npy/*.npy",), npy),
    (("*.tif", "*.tiff"), tiff),
    (("*.jpg",), jpeg),
    (("hdf5/*",), hdf5),
    (("*.json",), landmarks),
]


def main(data, table):
    rows = []
    for patterns, reader in READERS:
        files = sorted(f for p in patterns for f in data.rglob(p) if f.is_file())
        for path in files:
            name = path.relative_to(data).as_posix()
            if name.startswith("odd/") or "/corrupt/" in name:
                continue
            array, axes, kind, voxel = reader(path)
            array, axes = canonical(array, axes)
            array = np.ascontiguousarray(array, "<f4")
            rows.append(
                [
                    name,
                    axes,
                    "x".join(map(str, array.shape)),
                    kind,
                    f"{zlib.crc32(array.tobytes()):08x}",
                    "" if voxel is None else " ".join(f"{v:.5g}" for v in voxel),
                    KEYS.get(path.name, ""),
                ]
            )
    with open(table, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "axes", "shape", "type", "crc32", "voxel", "key"])
        writer.writerows(rows)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
