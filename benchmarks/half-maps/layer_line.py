"""Is the lattice of a microtubule still there? The layer line of tubulin, 4.05 nm, before and after.

usage: layer_line.py TOMOGRAM.tif NAME=MAP.mrc ...

The filament's direction in the plane is that of the strongest axial average; the volume is turned
along it, and the power of a band of axial frequencies, over the filament's width, is printed over
that of the neighbouring bands: 1 is nothing but background.
"""
import sys

import mrcfile
import numpy as np
import tifffile
from scipy import ndimage

VOXEL, PERIOD = 1.052, 4.05


def turned(volume, angle):
    return ndimage.rotate(volume - volume.mean(), angle, axes=(1, 2), reshape=False, order=3)


def direction(volume):
    """The angle, in degrees, at which sums along y are most uneven."""
    plane = ndimage.gaussian_filter(volume.astype(float), 1).mean(0)
    angles = np.arange(-40, 40.1, 0.25)
    spread = [ndimage.rotate(plane - plane.mean(), a, reshape=False, order=1)[40:-40].sum(0).std() for a in angles]
    return angles[int(np.argmax(spread))]


def line(volume, angle):
    """Power along the axis, (section, column) by axial frequency, windowed to the middle."""
    part = turned(volume, angle)[:, 30:-30]
    middle = ndimage.gaussian_filter1d(np.abs(part.mean((0, 1))), 3)
    at = int(np.clip(np.average(np.arange(middle.size), weights=middle**4), 20, middle.size - 20))
    part = part[:, :, at - 18:at + 18] * np.hanning(part.shape[1])[None, :, None]
    power = (np.abs(np.fft.fftn(part)) ** 2)
    # Near the axis of the transform: what repeats over the whole width of a wall.
    near = np.abs(np.fft.fftfreq(part.shape[2], VOXEL)) < 0.12
    flat = np.abs(np.fft.fftfreq(part.shape[0], VOXEL)) < 0.12
    return np.fft.fftfreq(part.shape[1], VOXEL), power[flat][:, :, near].sum((0, 2))


raw = tifffile.imread(sys.argv[1]).astype(float)
angle = direction(raw)
print(f"filament turned by {angle} degrees")
for name, volume in [("raw", raw)] + [
        (word.split("=")[0], np.array(mrcfile.read(word.split("=")[1]), float)) for word in sys.argv[2:]]:
    f, power = line(volume, angle)
    f = np.abs(f)
    peak = power[np.abs(f - 1 / PERIOD) < 0.006].mean()
    around = power[(np.abs(f - 1 / PERIOD) > 0.015) & (np.abs(f - 1 / PERIOD) < 0.05)].mean()
    print(f"{name:14} power of the 4.05 nm layer line over its surroundings {peak / around:.2f}, peak {peak:.4g}")
