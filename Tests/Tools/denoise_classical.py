"""Makes the numbers that the classical denoisers are tested against, with SciPy and scikit-image.

    pip install numpy scipy scikit-image
    python denoise_classical.py

Prints values at a few places for ClassicalTests.swift, of the picture of denoise_metrics.py.
"""
import numpy as np
from scipy import ndimage
from skimage.restoration import denoise_tv_chambolle

for shape in [(24, 31), (10, 12, 13)]:
    index = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    grid = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    truth = 100 + sum(40 * np.sin(0.3 * (a + 1) * g) for a, g in enumerate(grid))
    noise = ((index * 7919 + 104729) % 1009) / 1009 - 0.5
    image = (truth + 60 * noise).astype(np.float32).astype(np.float64)
    places = [0, 17, image.size // 2, image.size - 1]
    for name, result in [
        ("gaussian", ndimage.gaussian_filter(image, 1.2)),
        ("median", ndimage.median_filter(image, 5)),
        ("tv", denoise_tv_chambolle(image, weight=15)),
    ]:
        print(shape, name, [float(result.flat[p]) for p in places], float(result.std()))
