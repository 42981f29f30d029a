"""Writes a float32 MRC of SIDE x SIDE x DEPTH noisy voxels, larger than memory where asked.

Usage: make_volume.py FILE DEPTH SIDE. Needs nothing beside Python: one section of noise is made and
turned from section to section.
"""

import array
import math
import random
import struct
import sys

path, depth, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(1)
noise = array.array("f", (random.gauss(0, 1) for _ in range(1 << 20)))
row = array.array("f", (3 * math.sin(x / 11) for x in range(side)))

header = bytearray(1024)
struct.pack_into("<10i", header, 0, side, side, depth, 2, 0, 0, 0, side, side, depth)
struct.pack_into("<6f", header, 40, side * 1.5, side * 1.5, depth * 1.5, 90, 90, 90)
struct.pack_into("<3i3f", header, 64, 1, 2, 3, 0, -1, -2)
struct.pack_into("<i", header, 88, 1)
struct.pack_into("<i", header, 108, 20140)
header[208:216] = b"MAP \x44\x44\x00\x00"
header[216:220] = struct.pack("<f", -1)

signal = [array.array("f", (value + shift for value in row)) for shift in (-1, 0, 1)]
with open(path, "wb") as file:
    file.write(header)
    for z in range(depth):
        # Rows of noise, each from another place, on a signal that changes slowly.
        base = signal[z // 16 % 3].tobytes()
        for y in range(side):
            start = (z * 7919 + y * 104729) % (len(noise) - side)
            file.write(noise[start:start + side].tobytes() if (y + z) % 4 else base)
