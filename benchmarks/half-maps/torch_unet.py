"""The peer: a half-map U-Net in PyTorch with cryoCARE's defaults, of the size of dn's.

usage: torch_unet.py PROJECT MINUTES OUT

Depth 2, 16 first channels, 3x3x3 kernels, ReLU, max-pooling, nearest upsampling, residual output,
Adam 4e-4, halved on a plateau, mean squared error (CSBDeep's and cryoCARE's defaults; their 72^3
patches in batches of 16 and depth of 3 give way to dn's 32^3, 4 and 2). Roles of the halves are
swapped at random, and each map is drawn as often as another, both as in dn. Writes emd_<n>.mrc (the
mean) and the halves.
"""
import glob
import os
import re
import resource
import sys
import time

import mrcfile
import numpy as np
import torch
from torch import nn

project, minutes, out = sys.argv[1], float(sys.argv[2]), sys.argv[3]
torch.manual_seed(0)
rng = np.random.default_rng(0)
torch.set_num_threads(2)


class UNet(nn.Module):
    def __init__(self, first=16, depth=2):
        super().__init__()
        def block(a, b):
            return nn.Sequential(nn.Conv3d(a, b, 3, padding=1), nn.ReLU(), nn.Conv3d(b, b, 3, padding=1), nn.ReLU())
        sizes = [first << i for i in range(depth + 1)]
        self.down = nn.ModuleList(block(a, b) for a, b in zip([1] + sizes[:-2], sizes[:-1]))
        self.middle = block(sizes[-2], sizes[-1])
        self.up = nn.ModuleList(block(sizes[i + 1] + sizes[i], sizes[i]) for i in reversed(range(depth)))
        self.last = nn.Conv3d(first, 1, 1)

    def forward(self, x):
        y, skips = x, []
        for block in self.down:
            y = block(y)
            skips.append(y)
            y = nn.functional.max_pool3d(y, 2)
        y = self.middle(y)
        for block, skip in zip(self.up, reversed(skips)):
            y = block(torch.cat([nn.functional.interpolate(y, scale_factor=2), skip], 1))
        return x + self.last(y)


def read(path):
    with mrcfile.open(path, permissive=True) as file:
        return np.array(file.data, np.float32), file.header.copy()


def write(path, values, like):
    """Values with the axes and the cell of another map's header."""
    with mrcfile.new(path, values.astype(np.float32), overwrite=True) as file:
        file.set_volume()
        for field in ("mapc", "mapr", "maps", "mx", "my", "mz", "cella"):
            file.header[field] = like[field]


def number(path):
    return int(re.search(r"emd_(\d+)", path)[1])


def pairs(a, b):
    second = {number(p): p for p in glob.glob(f"{project}/{b}/*.map")}
    return {number(p): (p, second[number(p)]) for p in sorted(glob.glob(f"{project}/{a}/*.map")) if number(p) in second}


training, kept = pairs("1.0", "2.0"), pairs("1.5", "2.5")


def scaled(path):
    x, _ = read(path)
    x = (x - x.mean()) / x.std()
    grow = [(0, max(0, 32 - s)) for s in x.shape]
    return np.pad(x, grow, mode="reflect")


data = [tuple(scaled(p) for p in pair) for pair in training.values()]
val = [tuple(scaled(p) for p in pair) for pair in kept.values()]
weights = np.ones(len(data)) / len(data)


def batch(maps, weights, size=4):
    xs, ys = [], []
    for _ in range(size):
        a, b = maps[rng.choice(len(maps), p=weights)]
        at = [rng.integers(0, s - 31) for s in a.shape]
        box = tuple(slice(i, i + 32) for i in at)
        if rng.random() < 0.5:
            a, b = b, a
        xs.append(a[box]), ys.append(b[box])
    return torch.tensor(np.stack(xs))[:, None], torch.tensor(np.stack(ys))[:, None]


net = UNet()
print("parameters", sum(p.numel() for p in net.parameters()))
optimizer = torch.optim.Adam(net.parameters(), 4e-4)
plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=10)
best, state, start, steps = np.inf, None, time.time(), 0
fixed = [batch(val, np.ones(len(val)) / len(val)) for _ in range(2)] if val else []
while time.time() - start < minutes * 60:
    for _ in range(25):
        x, y = batch(data, weights)
        loss = nn.functional.mse_loss(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
        if time.time() - start >= minutes * 60:
            break
    with torch.no_grad():
        judged = float(np.mean([nn.functional.mse_loss(net(x), y).item() for x, y in fixed])) if fixed else loss.item()
    plateau.step(judged)
    if judged < best:
        best, state = judged, {k: v.clone() for k, v in net.state_dict().items()}
print(f"{steps} steps, best validation {best:.5f}")
net.load_state_dict(state)
os.makedirs(out, exist_ok=True)
for n, pair in {**training, **kept}.items():
    halves = []
    for k, path in enumerate(pair, 1):
        x, header = read(path)
        mean, std = x.mean(), x.std()
        grow = [(0, -s % 4) for s in x.shape]
        padded = torch.tensor(np.pad((x - mean) / std, grow, mode="reflect"))[None, None]
        with torch.no_grad():
            y = net(padded)[0, 0].numpy()[tuple(slice(0, s) for s in x.shape)] * std + mean
        halves.append(y.astype(np.float32))
        write(f"{out}/emd_{n}_half_map_{k}.mrc", y, header)
    write(f"{out}/emd_{n}.mrc", (halves[0] + halves[1]) / 2, header)
print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
