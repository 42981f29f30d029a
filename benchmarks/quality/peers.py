"""Peers on the arrays that quality.dn wrote: python peers.py OUT MINUTES [PICTURE ...]

scikit-image's denoisers under its own J-invariant calibration, the bm3d package told sigma and with
scikit-image's estimate, for volumes the bm4d package told sigma, and, with PyTorch, Noise2Void (as published: 0.2 % of the pixels, U-Net of
depth 2 and 32 channels, batch norm, Adam 4e-4, augmented) and ZS-N2N. What is not installed is
left out. Two threads.
"""

import sys
import time
from pathlib import Path

import numpy as np

THREADS = 2


def psnr(image, truth, peak=255.0):
    return 10 * np.log10(peak**2 / np.mean((image - truth) ** 2))


def report(name, method, image, truth, seconds, peak=255.0):
    print(f"{name} {method} {psnr(image, truth, peak):.2f} dB, {seconds:.0f} s", flush=True)


def classical(noisy):
    """Yields name, denoised; pictures as [y, x] or [y, x, channel], values around 0...255."""
    try:
        from skimage.restoration import (
            calibrate_denoiser, denoise_nl_means, denoise_tv_chambolle, estimate_sigma)
    except ImportError:
        return
    axis = -1 if noisy.ndim == 3 else None
    sigma = float(np.mean(estimate_sigma(noisy, channel_axis=axis)))
    start = time.time()
    factors = [0.5, 0.7, 0.85, 1.0, 1.2, 1.5]
    grid = {"h": [f * sigma for f in factors], "fast_mode": [True], "channel_axis": [axis],
            "patch_size": [5], "patch_distance": [7]}
    tuned = calibrate_denoiser(noisy, denoise_nl_means, grid, approximate_loss=True)
    yield "skimage nlm calibrated", tuned(noisy), time.time() - start
    start = time.time()
    unit = noisy / 255.0
    grid = {"weight": [f * sigma / 255 for f in factors], "channel_axis": [axis]}
    tuned = calibrate_denoiser(unit, denoise_tv_chambolle, grid, approximate_loss=True)
    yield "skimage tv calibrated", tuned(unit) * 255, time.time() - start
    try:
        from bm3d import bm3d, bm3d_rgb
    except ImportError:
        return
    run = bm3d_rgb if noisy.ndim == 3 else bm3d
    for label, value in [("told 25", 25.0), ("own estimate", sigma)]:
        start = time.time()
        yield f"bm3d {label}", run(noisy, value), time.time() - start


def volume(name, noisy, truth):
    try:
        from bm4d import bm4d
    except ImportError:
        return
    start = time.time()
    image = bm4d(noisy, float(np.std(noisy - truth)))
    report(name, "bm4d told", image, truth, time.time() - start, peak=np.ptp(truth))


def zero_shot(noisy, minutes):
    import torch
    import torch.nn.functional as F

    x = torch.tensor(noisy / 255, dtype=torch.float32)
    x = x.movedim(-1, 0)[None] if noisy.ndim == 3 else x[None, None]
    c = x.shape[1]
    torch.manual_seed(1)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(c, 48, 3, padding=1), torch.nn.LeakyReLU(0.2),
        torch.nn.Conv2d(48, 48, 3, padding=1), torch.nn.LeakyReLU(0.2), torch.nn.Conv2d(48, c, 1))
    kernels = [torch.tensor(k).float().expand(c, 1, 2, 2) / 2 for k in ([[[[0, 1], [1, 0]]]], [[[[1, 0], [0, 1]]]])]
    halves = lambda image: [F.conv2d(image, k, stride=2, groups=c) for k in kernels]
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 1500, 0.5)
    start = time.time()
    for _ in range(2000):
        if time.time() - start > 60 * minutes:
            break
        a, b = halves(x)
        fa, fb = a - net(a), b - net(b)
        da, db = halves(x - net(x))
        loss = (F.mse_loss(fa, b) + F.mse_loss(fb, a) + F.mse_loss(fa, da) + F.mse_loss(fb, db)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        y = (x - net(x))[0]
    y = y.movedim(0, -1) if noisy.ndim == 3 else y[0]
    return y.numpy() * 255, time.time() - start


def noise2void(noisy, minutes):
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    image = noisy if noisy.ndim == 3 else noisy[..., None]
    mean, std = image.mean((0, 1)), image.std((0, 1))
    image = ((image - mean) / std).astype(np.float32).transpose(2, 0, 1)
    c = image.shape[0]

    def block(i, o):
        return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(),
                             nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.m = block(c, 32), block(32, 64), block(64, 128)
            self.d, self.e, self.last = block(192, 64), block(96, 32), nn.Conv2d(32, c, 1)

        def forward(self, x):
            a = self.a(x)
            b = self.b(F.max_pool2d(a, 2))
            m = F.interpolate(self.m(F.max_pool2d(b, 2)), scale_factor=2)
            d = F.interpolate(self.d(torch.cat([m, b], 1)), scale_factor=2)
            return self.last(self.e(torch.cat([d, a], 1)))

    net = UNet()
    optimizer = torch.optim.Adam(net.parameters(), 4e-4)
    side, box, radius = 64, 22, 5
    start = time.time()
    while time.time() - start < 60 * minutes:
        patches, inputs, masks = [], [], []
        for _ in range(16):
            y, x = (rng.integers(0, s - side + 1) for s in image.shape[1:])
            p = np.rot90(image[:, y:y + side, x:x + side], rng.integers(4), (1, 2))
            p = (p[:, ::-1] if rng.random() < 0.5 else p).copy()
            q, mask = p.copy(), np.zeros_like(p)
            for by in range(0, side, box):
                for bx in range(0, side, box):
                    py, px = by + rng.integers(box), bx + rng.integers(box)
                    if py >= side or px >= side:
                        continue
                    while True:
                        sy = np.clip(py + rng.integers(-radius, radius + 1), 0, side - 1)
                        sx = np.clip(px + rng.integers(-radius, radius + 1), 0, side - 1)
                        if (sy, sx) != (py, px):
                            break
                    q[:, py, px], mask[:, py, px] = p[:, sy, sx], 1
            patches.append(p), inputs.append(q), masks.append(mask)
        p, q, mask = (torch.tensor(np.stack(v)) for v in (patches, inputs, masks))
        loss = (((net(q) - p) * mask) ** 2).sum() / mask.sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    pad = [(-s) % 4 for s in image.shape[1:]]
    x = F.pad(torch.tensor(image)[None], (0, pad[1], 0, pad[0]), mode="reflect")
    with torch.no_grad():
        y = net(x)[0, :, :image.shape[1], :image.shape[2]].numpy().transpose(1, 2, 0) * std + mean
    return (y if noisy.ndim == 3 else y[..., 0]), time.time() - start


def main():
    out, minutes = Path(sys.argv[1]), float(sys.argv[2])
    wanted = [w.replace("/", "-") for w in sys.argv[3:]]
    try:
        import torch

        torch.set_num_threads(THREADS)
    except ImportError:
        torch = None
    for path in sorted(out.glob("*-noisy.npy")):
        name = path.name[: -len("-noisy.npy")]
        if wanted and name not in wanted:
            continue
        noisy = np.load(path).astype(np.float64)
        truth = np.load(out / f"{name}-truth.npy").astype(np.float64)
        if name.startswith("maps"):
            volume(name, noisy, truth)
            continue
        if noisy.ndim == 3 and noisy.shape[0] == 3:
            noisy, truth = noisy.transpose(1, 2, 0), truth.transpose(1, 2, 0)
        for method, image, seconds in classical(noisy):
            report(name, method, image, truth, seconds)
        if torch:
            for method, train in [("zsn2n (torch)", zero_shot), ("n2v (torch)", noise2void)]:
                image, seconds = train(noisy, minutes)
                report(name, method, image, truth, seconds)


if __name__ == "__main__":
    main()
