"""Opens written maps in mrcfile, and compares their headers with those of the maps they come from.

usage: validate.py PROJECT [FILE=ORIGIN ...]

Every map of PROJECT (halves, and what `proc` denoised) must pass `mrcfile.validate`. A denoised map
must have its first half's voxel size, origin, start, axis order, space group and extended header, its
labels as the first of its own, and statistics that are those of its values. (Blank labels do not
count, and a volume that was marked as a stack of images may be marked as a volume.)
FILE=ORIGIN compares one more file with the one it was made from. Prints a line for each file and
ends with 1 where one fails.
"""
import glob
import io
import os
import re
import sys
import warnings

import mrcfile
import numpy as np

KEPT = ["nx", "ny", "nz", "mx", "my", "mz", "nxstart", "nystart", "nzstart", "cella", "cellb",
        "mapc", "mapr", "maps", "ispg", "nsymbt", "origin"]


def labels(header):
    texts = [header.label[i].decode("ascii", "replace").rstrip() for i in range(int(header.nlabl))]
    return [text for text in texts if text]


def opened(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with mrcfile.open(path, permissive=True) as file:
            extended = bytes(np.asarray(file.extended_header).tobytes())
            return file.header.copy(), extended, np.array(file.data)


def faults(path, source):
    """What mrcfile finds wrong, and what differs from the source."""
    said = io.StringIO()
    found = [] if mrcfile.validate(path, print_file=said) else said.getvalue().strip().split("\n")
    header, extended, data = opened(path)
    data = data.astype(np.float64)
    told = [float(header[name]) for name in ("dmin", "dmax", "dmean", "rms")]
    true = [data.min(), data.max(), data.mean(), data.std()]
    if not np.allclose(told, true, rtol=1e-4, atol=1e-5 * data.std()):
        found.append(f"statistics {told}, the values have {true}")
    if source is None:
        return found, labels(header)
    before, kept, _ = opened(source)
    for name in KEPT:
        a, b = before[name], header[name]
        if name == "ispg" and (a, b) == (0, 1) and header.nz == header.mz:
            continue  # A volume that was marked as a stack of images.
        same = all(np.allclose(a[k], b[k], rtol=1e-6) for k in a.dtype.names) if a.dtype.names else a == b
        if not same:
            found.append(f"{name} was {a}, is {b}")
    if kept != extended:
        found.append(f"extended header of {len(kept)} bytes was not kept")
    count = len(labels(before))
    if labels(header)[:count] != labels(before):
        found.append(f"labels were {labels(before)}, are {labels(header)}")
    return found, labels(header)[count:]


def sources(project):
    """Every map of the project with what it was made from."""
    halves = {}
    for path in sorted(glob.glob(f"{project}/**/*half_map_*.map", recursive=True)):
        halves.setdefault(int(re.search(r"emd_(\d+)", path)[1]), path)
        yield path, None
    for path in sorted(glob.glob(f"{project}/out/*/denoised/*.mrc")):
        yield path, halves[int(re.search(r"emd_(\d+)", path)[1])]


failed = 0
pairs = list(sources(sys.argv[1])) + [tuple(word.split("=", 1)) for word in sys.argv[2:]]
for path, source in pairs:
    found, new = faults(path, source)
    failed += bool(found)
    name = os.path.relpath(path, sys.argv[1])
    like = f", header of {os.path.relpath(source, sys.argv[1])}" if source else ""
    print(f"{'FAILED' if found else 'valid'}  {name}{like}", *(f"[{text}]" for text in new))
    for text in found:
        print("        " + text)
print(f"{len(pairs)} files, {failed} failed")
sys.exit(failed > 0)
