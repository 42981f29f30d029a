"""Makes the numbers that the measures are tested against, with scikit-image and NumPy.

    pip install numpy scikit-image PyWavelets
    python denoise_metrics.py

Prints Swift literals for MetricTests.swift. The picture is a formula, so the test needs no file.
"""
import numpy as np
from skimage.metrics import (
    normalized_root_mse,
    peak_signal_noise_ratio,
    structural_similarity,
)
from skimage.restoration import estimate_sigma


def pair(*shape):
    """A smooth picture and a disturbed one, the same as `Pair` in the tests makes."""
    grid = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    index = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    truth = 100 + sum(40 * np.sin(0.3 * (a + 1) * g) for a, g in enumerate(grid))
    # A congruential sequence, equal in both languages, in place of random numbers.
    noise = ((index * 7919 + 104729) % 1009) / 1009 - 0.5
    return (truth + 60 * noise).astype(np.float32), truth.astype(np.float32)


for shape in [(24, 31), (10, 12, 13), (40,)]:
    image, truth = pair(*shape)
    print(shape)
    print("  psnr", peak_signal_noise_ratio(truth, image, data_range=255))
    print("  ssim", structural_similarity(
        truth.astype(np.float64), image.astype(np.float64), data_range=255))
    for name in ["euclidean", "min-max", "mean"]:
        print("  nrmse", name, normalized_root_mse(truth, image, normalization=name))
    print("  xcorr", np.corrcoef(truth.ravel().astype(np.float64), image.ravel())[0, 1])
    t, d = truth.astype(np.float64), image.astype(np.float64) - truth
    print("  snr", 10 * np.log10((t**2).sum() / (d**2).sum()))
    print("  sigma", estimate_sigma(image.astype(np.float64)))
    print("  histogram", np.histogram(image, bins=7)[0].tolist())
    print("  std median", image.astype(np.float64).std(), np.median(image.astype(np.float64)))
