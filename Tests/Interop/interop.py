"""Files between dn and the programs of others, both ways. See run.sh.

Each check is a line; the exit status is 1 where one failed.
"""

import pathlib
import subprocess
import sys
import tempfile
import warnings

import h5py
import mrcfile
import numpy as np
import safetensors.numpy
import scipy.io
import scipy.sparse
import tifffile
import zarr
import zarr.codecs
from PIL import Image

warnings.simplefilter("ignore")
DN = str(pathlib.Path(sys.argv[1]).resolve())
HOME = pathlib.Path(tempfile.mkdtemp(prefix="dn-interop-"))
ORDER = "QSTCZYX"
random = np.random.default_rng(1)
checks = failures = 0


def check(name, fine, what=""):
    global checks, failures
    checks += 1
    if not fine:
        failures += 1
        print(f"FAILED  {name}  {what}")


def dn(script):
    done = subprocess.run([DN, "-"], input=script, text=True, capture_output=True, cwd=HOME)
    if done.returncode != 0:
        print(done.stderr)
    return done.stdout


def canonical(array, axes):
    order = sorted(range(len(axes)), key=lambda i: ORDER.index(axes[i]))
    return array.transpose(order)


def numbers(shape, dtype):
    """Numbers that fit the type, its ends among them."""
    dtype = np.dtype(dtype)
    if dtype == bool:
        return random.random(shape) > 0.5
    if dtype.kind == "f":
        return random.normal(0, 100, shape).astype(dtype)
    info = np.iinfo(dtype)
    # Beyond 2^24 single precision rounds, and says so.
    low, high = max(info.min, -(1 << 24)), min(info.max, 1 << 24)
    array = random.integers(low, high, shape, dtype=np.int64, endpoint=True)
    array.flat[0], array.flat[1] = low, high
    return array.astype(dtype)


def close(a, b):
    return a is not None and len(a) == len(b) and np.allclose(a, b, rtol=1e-6)


# What others write is read here.
foreign = []  # name, array in the file's axes, axes, load options, voxel (of the spatial axes)


def add(name, array, axes, options="", voxel=None, dtype=None):
    foreign.append((name, array, axes, options, voxel, dtype or array.dtype))


def write_mrc():
    for dtype in ["int8", "int16", "uint16", "float16", "float32"]:
        for ending in ["mrc", "mrc.gz", "mrc.bz2"]:
            array = numbers((5, 6, 7), dtype)
            name = f"{dtype}.{ending}"
            compression = {"mrc": None, "mrc.gz": "gzip", "mrc.bz2": "bzip2"}[ending]
            with mrcfile.new(HOME / name, compression=compression) as file:
                file.set_data(array)
                file.set_volume()
                file.voxel_size = (1.25, 1.5, 2.5)
                file.nstart = (3, 4, 5) if dtype == "int16" else (0, 0, 0)
            add(name, array, "ZYX", voxel=(2.5, 1.5, 1.25))
    stack = numbers((4, 6, 5, 7), "float32")
    with mrcfile.new(HOME / "stack.mrc") as file:
        file.set_data(stack)
        file.voxel_size = 3
    add("stack.mrc", stack, "SZYX", voxel=(3, 3, 3))
    picture = numbers((9, 5), "float32")
    mrcfile.write(HOME / "picture.mrc", picture, voxel_size=2)
    add("picture.mrc", picture, "YX", voxel=(2, 2))


def write_tiff():
    for dtype in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float16", "float32",
                  "float64"]:
        for order in "<>":
            array = numbers((5, 33, 40), dtype)
            name = f"{dtype}-{'little' if order == '<' else 'big'}.tif"
            tifffile.imwrite(HOME / name, array, byteorder=order, photometric="minisblack")
            add(name, array, "ZYX", 'axes="ZYX"')
    for name, options in {
        "big": dict(bigtiff=True), "tiled": dict(tile=(16, 16)), "lzw": dict(compression="lzw"),
        "deflate": dict(compression="zlib", predictor=True), "zstd": dict(compression="zstd"),
        "packbits": dict(compression="packbits"), "strips": dict(rowsperstrip=5),
        "tiled-deflate": dict(tile=(32, 16), compression="zlib"),
    }.items():
        for dtype in ["uint16", "float32"]:
            if name == "packbits" and dtype != "uint16":
                continue
            array = numbers((3, 50, 37), dtype)
            tifffile.imwrite(HOME / f"{name}-{dtype}.tif", array, photometric="minisblack",
                             **options)
            add(f"{name}-{dtype}.tif", array, "ZYX", 'axes="ZYX"')
    for dtype in ["uint8", "uint16", "float32"]:
        array = numbers((2, 4, 3, 20, 30), dtype)
        tifffile.imwrite(HOME / f"hyperstack-{dtype}.tif", array, imagej=True,
                         resolution=(1 / 0.25, 1 / 0.5),
                         metadata=dict(axes="TZCYX", spacing=2, unit="um"))
        add(f"hyperstack-{dtype}.tif", array, "TZCYX", voxel=(2, 0.5, 0.25))
        array = numbers((3, 4, 20, 30), dtype)
        tifffile.imwrite(HOME / f"ome-{dtype}.ome.tif", array, ome=True, photometric="minisblack",
                         metadata=dict(axes="CZYX", PhysicalSizeX=0.25, PhysicalSizeXUnit="µm",
                                       PhysicalSizeY=0.5, PhysicalSizeYUnit="µm", PhysicalSizeZ=2,
                                       PhysicalSizeZUnit="µm"))
        add(f"ome-{dtype}.ome.tif", array, "CZYX", voxel=(2, 0.5, 0.25))
    colour = numbers((20, 30, 3), "uint8")
    tifffile.imwrite(HOME / "colour.tif", colour, photometric="rgb")
    add("colour.tif", colour, "YXC")
    planar = numbers((3, 20, 30), "uint16")
    tifffile.imwrite(HOME / "planar.tif", planar, photometric="rgb", planarconfig="separate")
    add("planar.tif", planar, "CYX")


def write_hdf5():
    with h5py.File(HOME / "all.h5", "w") as file:
        for dtype in ["uint8", "int16", "uint16", "int32", "float16", "float32", "float64", "bool"]:
            for name, options in {
                "plain": {}, "gzip": dict(chunks=(2, 8, 8), compression="gzip", shuffle=True),
                "sums": dict(fletcher32=True),
            }.items():
                array = numbers((4, 20, 30), dtype)
                file.create_dataset(f"{dtype}/{name}", data=array, **options)
                add("all.h5", array, "SYX", f'key="{dtype}/{name}"')
        array = numbers((2, 3, 9, 8), "uint16")
        file["frames"] = array
        add("all.h5", array.reshape(6, 9, 8), "SYX", 'key="frames"')
    for name in ["data", "X"]:
        array = numbers((4, 9, 8), "float32")
        with h5py.File(HOME / f"{name}.h5", "w") as file:
            file[name] = array
            file["other"] = np.zeros((20, 20))
        add(f"{name}.h5", array, "SYX")
    matrix = scipy.sparse.random(40, 25, 0.2, "csc", "float32", random)
    with h5py.File(HOME / "tenx.h5", "w") as file:
        group = file.create_group("matrix")
        group["data"], group["indices"], group["indptr"] = (
            matrix.data, matrix.indices, matrix.indptr)
        group["shape"] = np.array(matrix.shape, "int32")
        group["barcodes"] = np.array([b"A"] * 25)
    add("tenx.h5", matrix.toarray().T, "YX")
    rows = matrix.tocsr()
    with h5py.File(HOME / "cells.h5ad", "w") as file:
        group = file.create_group("X")
        group.attrs["encoding-type"], group.attrs["shape"] = "csr_matrix", rows.shape
        group["data"], group["indices"], group["indptr"] = rows.data, rows.indices, rows.indptr
    add("cells.h5ad", rows.toarray(), "YX")


def write_zarr():
    blosc = {
        f"{name}-{shuffle}": zarr.codecs.BloscCodec(cname=name, clevel=5, shuffle=shuffle)
        for name in ["lz4", "lz4hc", "blosclz", "zstd", "zlib"]
        for shuffle in ["shuffle", "bitshuffle", "noshuffle"]
    }
    packed = {**blosc, "zstd": zarr.codecs.ZstdCodec(level=3), "gzip": zarr.codecs.GzipCodec(),
              "zstd-sum": zarr.codecs.ZstdCodec(checksum=True), "none": None}
    for name, codec in packed.items():
        array = numbers((5, 40, 33), "uint16" if "lz4" in name else "float32")
        store = zarr.create_array(HOME / f"v3-{name}.zarr", shape=array.shape, dtype=array.dtype,
                                  chunks=(2, 16, 16), compressors=codec, zarr_format=3,
                                  dimension_names=["z", "y", "x"])
        store[:] = array
        add(f"v3-{name}.zarr", array, "ZYX")
    import numcodecs
    old = {**{f"blosc-{name}": numcodecs.Blosc(name) for name in ["lz4", "zstd", "zlib", "blosclz"]},
           "gzip": numcodecs.GZip(), "zlib": numcodecs.Zlib(), "bz2": numcodecs.BZ2(),
           "zstd": numcodecs.Zstd(), "none": None}
    for name, codec in old.items():
        for dtype in ["<f4", ">i2", "|u1"]:
            for order in "CF":
                array = numbers((5, 20, 33), np.dtype(dtype))
                path = f"v2-{name}-{dtype[1:]}-{order}.zarr"
                store = zarr.create_array(HOME / path, shape=array.shape, dtype=np.dtype(dtype),
                                          chunks=(2, 16, 16), compressors=codec, zarr_format=2,
                                          order=order)
                store[:] = array
                add(path, array, "ZYX", 'axes="ZYX"', dtype=np.dtype(dtype).newbyteorder("="))
    for dtype in ["int8", "uint8", "int32", "uint32", "float64", "float16", "bool"]:
        array = numbers((7, 9), dtype)
        store = zarr.create_array(HOME / f"v3-{dtype}.zarr", shape=array.shape, dtype=dtype,
                                  chunks=(4, 4), fill_value=0)
        store[:] = array
        add(f"v3-{dtype}.zarr", array, "YX")
    sharded = numbers((8, 40, 40), "int16")
    store = zarr.create_array(HOME / "sharded.zarr", shape=sharded.shape, dtype="int16",
                              chunks=(2, 8, 8), shards=(4, 16, 16), fill_value=5)
    store[:] = sharded
    add("sharded.zarr", sharded, "ZYX")
    holes = np.full((8, 40), -3, "int16")
    store = zarr.create_array(HOME / "holes.zarr", shape=holes.shape, dtype="int16", chunks=(4, 8),
                              shards=(8, 16), fill_value=-3)
    store[2:3, 9:12] = holes[2:3, 9:12] = 7
    add("holes.zarr", holes, "YX")
    scales = [numbers((2, 4, 20, 30), "uint16"), numbers((2, 4, 10, 15), "uint16")]
    for version in [2, 3]:
        group = zarr.create_group(HOME / f"ome{version}.zarr", zarr_format=version)
        for index, array in enumerate(scales):
            group.create_array(str(index), data=array, chunks=(1, 2, 16, 16))
        image = [dict(
            version="0.4",
            axes=[dict(name="c", type="channel")] + [
                dict(name=axis, type="space", unit="micrometer") for axis in "zyx"],
            datasets=[dict(path=str(index), coordinateTransformations=[
                dict(type="scale", scale=[1, 2, 0.5 * (index + 1), 0.25 * (index + 1)])])
                for index in range(2)])]
        group.attrs.update(dict(multiscales=image) if version == 2
                           else dict(ome=dict(version="0.5", multiscales=image)))
        add(f"ome{version}.zarr", scales[0], "CZYX", voxel=(2, 0.5, 0.25))
        add(f"ome{version}.zarr", scales[1], "CZYX", 'key="1"', voxel=(2, 1, 0.5))


def write_rest():
    for dtype in ["bool", "int8", "uint8", ">i2", "<u2", ">u4", "int32", "float16", ">f4", "float64"]:
        for order in "CF":
            array = np.asarray(numbers((4, 5, 6), dtype), order=order)
            name = f"{np.dtype(dtype).str[1:]}-{order}-{np.dtype(dtype).byteorder == '>'}.npy"
            np.save(HOME / name, array)
            add(name, array, "ZYX", dtype=np.dtype(dtype).newbyteorder("="))
    array = numbers((4, 5, 6), "float32")
    np.savez(HOME / "plain.npz", volume=array, other=array[0])
    np.savez_compressed(HOME / "packed.npz", volume=array)
    add("plain.npz", array, "ZYX", 'key="volume"')
    add("packed.npz", array, "ZYX")
    matrix = scipy.sparse.random(30, 20, 0.2, "coo", "float64", random)
    scipy.io.mmwrite(HOME / "sparse.mtx", matrix, precision=17)
    add("sparse.mtx", matrix.toarray(), "YX")
    scipy.io.mmwrite(HOME / "full.mtx", array[0].astype("float64"), precision=17)
    add("full.mtx", array[0], "YX")
    square = numbers((9, 9), "int16").astype("int32")
    scipy.io.mmwrite(HOME / "symmetric.mtx", square + square.T, symmetry="symmetric")
    add("symmetric.mtx", square + square.T, "YX")
    np.savetxt(HOME / "table.csv", array[1], delimiter=",")
    add("table.csv", array[1], "YX")
    for mode, shape, dtype in [("L", (9, 8), "uint8"), ("I;16", (9, 8), "uint16"),
                               ("RGB", (9, 8, 3), "uint8"), ("1", (9, 16), "bool")]:
        picture = numbers(shape, dtype)
        Image.fromarray(picture).save(HOME / f"{mode[0]}{mode[-1]}.png")
        add(f"{mode[0]}{mode[-1]}.png", picture, "YXC"[: len(shape)])


write_mrc()
write_tiff()
write_hdf5()
write_zarr()
write_rest()
script = []
for index, (name, _, _, options, _, _) in enumerate(foreign):
    # Whole, a corner by region, and through a file of this program's own.
    script.append(
        "try {\n"
        f'v = load "{name}" {options}\n'
        f'print "{index}|{{v.axes}}|{{v.dtype}}|{{v.voxel}}"\n'
        f'save v "{index}.npy" dtype=float32\n'
        f'm = load "{name}" {options} memory=map\n'
        f'save m[1:, 2:5] "{index}-part.npy" dtype=float32\n'
        '} catch e { print "no:", e.message }\n')
told = {}
for line in dn("".join(script)).splitlines():
    if line.startswith("no:"):
        print(line)
    parts = line.split("|")
    if len(parts) == 4:
        told[int(parts[0])] = parts[1:]
for index, (name, array, axes, options, voxel, dtype) in enumerate(foreign):
    label = f"{name} {options}".strip()
    if index not in told:
        check(label, False, "was not read")
        continue
    wanted = canonical(array, axes).astype("float32")
    got = np.load(HOME / f"{index}.npy")
    check(label, got.shape == wanted.shape and np.array_equal(got, wanted), "values")
    part = np.load(HOME / f"{index}-part.npy")
    check(label, np.array_equal(part, wanted[1:, 2:5]), "a region")
    dtypes = {"bool": ["bit", "uint8"]}.get(str(dtype), [str(dtype)])
    text = name.endswith((".mtx", ".csv"))
    check(label, text or told[index][1] in dtypes, f"type {told[index][1]}, not {dtype}")
    if voxel:
        size = told[index][2].strip("[]").split(", ")
        check(label, size != ["none"] and close([float(s) for s in size], voxel),
              f"voxel {told[index][2]}")

# What is written here is read there, with type, voxel size, origin and provenance.
source = numbers((6, 20, 30), "float32")
with mrcfile.new(HOME / "source.mrc") as file:
    file.set_data(source)
    file.set_volume()
    file.voxel_size = (1.1, 2.2, 3.3)
    file.header.origin = (5, -6, 7.5)
    file.add_label("from elsewhere")
types = ["int8", "uint8", "int16", "uint16", "int32", "float16", "float32", "float64"]
endings = {"mrc": [""], "tif": ["", "compress=lzw", "compress=deflate", "compress=zstd"],
           "h5": ["", "compress=deflate"], "npy": [""], "npz": ["", "compress=deflate"],
           "zarr": ["", "compress=none", "compress=blosc version=3", "compress=deflate",
                    "version=3", "compress=blosc"]}
script = ['v = load "source.mrc"\n']
made = []
for ending, options in endings.items():
    for number, option in enumerate(options):
        for dtype in types:
            if ending == "mrc" and dtype in ["uint8", "int32", "float64"]:
                continue
            name = f"out-{dtype}-{number}.{ending}"
            made.append((name, ending, dtype))
            script.append(f'save v "{name}" dtype={dtype} {option}\n')
script.append('save v "again.mrc"\n')
script.append('save v[z=2] "plane.mtx"\nsave v[z=2] "plane.csv"\nsave v[z=2] "plane.png"\n')
script.append('net = train (sample "cells" size=64 noise=gaussian(9) seed=1)[0] method=n2v '
              'model=unet(depth=1, channels=4) epochs=1 steps=1\nsave net "net.safetensors"\n')
dn("".join(script))
for name, ending, dtype in made:
    path = HOME / name
    if not path.exists():
        check(name, False, "was not written")
        continue
    kind = np.dtype(dtype)
    wanted = source
    if kind.kind in "iu":
        info = np.iinfo(kind)
        wanted = np.clip(np.rint(source), info.min, info.max)
    wanted = wanted.astype(kind)
    if ending == "mrc":
        with mrcfile.open(path) as file:
            got, size, origin = file.data, file.voxel_size, file.header.origin
            sizes = [float(size.z), float(size.y), float(size.x)]
            place = [float(origin.z), float(origin.y), float(origin.x)]
            labels = [str(label) for label in file.get_labels()]
            statistics = (file.header.dmin, file.header.dmax, file.header.dmean, file.header.rms)
        check(name, labels[1].strip() == "from elsewhere" and labels[-1].startswith("dn "), labels)
        truth = wanted.astype("float64")
        check(name, np.allclose(statistics, (truth.min(), truth.max(), truth.mean(), truth.std()),
                                rtol=1e-5), f"statistics {statistics}")
        if kind != "float16":
            check(name, mrcfile.validate(path), "mrcfile.validate")
    elif ending == "tif":
        with tifffile.TiffFile(path) as file:
            got = file.asarray()
            page = file.pages[0]
            told = page.description
            check(name, "dn " in told, "provenance")
            if file.is_imagej:
                x, y = page.tags["XResolution"].value, page.tags["YResolution"].value
                sizes = [file.imagej_metadata["spacing"], y[1] / y[0], x[1] / x[0]]
                check(name, file.series[0].axes == "ZYX", file.series[0].axes)
            else:
                sizes = [float(n) for n in file.shaped_metadata[0]["dn.voxel"].split()]
        place = None
    elif ending == "h5":
        with h5py.File(path) as file:
            data = file["data"]
            got, sizes, place = data[:], data.attrs["voxel"], data.attrs["origin"]
            check(name, str(data.attrs["provenance"]).find("dn ") >= 0, "provenance")
    elif ending == "zarr":
        group = zarr.open_group(path, mode="r")
        got = group["0"][:]
        scales = dict(group.attrs).get("ome", dict(group.attrs))["multiscales"][0]
        steps = scales["datasets"][0]["coordinateTransformations"]
        sizes, place = steps[0]["scale"], steps[1]["translation"]
        check(name, [axis["unit"] for axis in scales["axes"]] == ["angstrom"] * 3, "unit")
    elif ending == "npz":
        got, sizes, place = np.load(path)["data"], None, None
    else:
        got, sizes, place = np.load(path), None, None
    check(name, got.dtype == kind and np.array_equal(got, wanted), f"values ({got.dtype})")
    check(name, sizes is None or close(sizes, (3.3, 2.2, 1.1)), f"voxel {sizes}")
    check(name, place is None or close(place, (7.5, -6, 5)), f"origin {place}")
with mrcfile.open(HOME / "again.mrc") as file:
    check("again.mrc", np.array_equal(file.data, source), "values")
check("plane.mtx", np.array_equal(
    scipy.io.mmread(HOME / "plane.mtx").toarray().astype("float32"), source[2]), "values")
check("plane.csv", np.array_equal(
    np.loadtxt(HOME / "plane.csv", delimiter=",").astype("float32"), source[2]), "values")
check("plane.png", np.array_equal(
    np.asarray(Image.open(HOME / "plane.png")),
    np.clip(np.rint(source[2]), 0, 255).astype("uint8")), "values")
tensors = safetensors.numpy.load_file(HOME / "net.safetensors")
with safetensors.safe_open(HOME / "net.safetensors", "numpy") as file:
    check("net.safetensors", "dn.model" in (file.metadata() or {}), "options")
check("net.safetensors", len(tensors) > 4 and any(t.ndim == 4 for t in tensors.values()),
      {name: t.shape for name, t in tensors.items()})

# Files of others go through this program and come out as they went in.
through = []
script = []
for index, (name, array, axes, options, voxel, dtype) in enumerate(foreign):
    ending = name.split(".", 1)[1] if not name.endswith(".ome.tif") else "tif"
    if ending not in ["mrc", "mrc.gz", "mrc.bz2", "tif", "png", "npy", "zarr"]:
        continue
    if str(dtype) == "bool" and ending == "png":
        continue
    copy = f"copy-{index}.{ending}"
    through.append((copy, array, axes, voxel, dtype))
    script.append(f'save (load "{name}" {options}) "{copy}"\n')
dn("".join(script))
for name, array, axes, voxel, dtype in through:
    path = HOME / name
    if not path.exists():
        check(name, False, "was not written")
        continue
    # Numbers pass through single precision.
    wanted = canonical(array, axes).astype("float32").astype(dtype)
    if ".mrc" in name:
        with mrcfile.open(path) as file:
            got, size = file.data, file.voxel_size
            sizes = [float(size.z), float(size.y), float(size.x)][-len(voxel):]
        check(name, close(sizes, voxel), f"voxel {sizes}")
    elif ".tif" in name:
        with tifffile.TiffFile(path) as file:
            got = file.asarray()
            letters = file.series[0].axes.replace("I", "Z").replace("Q", "Z")
            if len(letters) == got.ndim and set(letters) <= set("STCZYX"):
                got = canonical(got, letters)
    elif ".png" in name:
        got = np.asarray(Image.open(path))
        got = canonical(got, "YXC"[: got.ndim])
    elif ".zarr" in name:
        got = zarr.open_group(path, mode="r")["0"][:]
    else:
        got = np.load(path)
    fine = got.shape == wanted.shape and np.array_equal(got, wanted)
    check(name, fine and got.dtype == np.dtype(dtype).newbyteorder("="),
          f"{got.dtype} {got.shape}, not {dtype} {wanted.shape}")
print(f"{checks - failures} of {checks} checks passed")
sys.exit(1 if failures else 0)
