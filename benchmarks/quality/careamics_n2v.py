"""Noise2Void by CAREamics on the arrays that together.dn wrote, one network for all of them:
python careamics_n2v.py OUT MINUTES. CAREamics' own defaults (`create_n2v_config`), patches of
64 x 64 in batches of 16, its training ended by Lightning's timer. Two threads.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from careamics import CAREamist
from careamics.config import create_n2v_config
from lightning.pytorch.callbacks import Timer


def psnr(image, truth):
    return 10 * np.log10(255**2 / np.mean((image - truth) ** 2))


def main():
    torch.set_num_threads(2)
    torch.manual_seed(1)
    out, minutes = Path(sys.argv[1]), float(sys.argv[2])
    names = sorted(out.glob("*-noisy.npy"))
    noisy = [np.load(name).squeeze().astype(np.float32) for name in names]
    truths = [np.load(str(name).replace("-noisy", "-truth")).squeeze() for name in names]
    turned = [image.T if image.shape[0] > image.shape[1] else image for image in noisy]
    config = create_n2v_config(
        "quality", data_type="array", axes="SYX", patch_size=[64, 64], batch_size=16,
        num_epochs=10000)
    start = time.time()
    careamist = CAREamist(
        config, work_dir=tempfile.mkdtemp(), callbacks=[Timer(duration={"seconds": 60 * minutes})],
        enable_progress_bar=False)
    careamist.train(train_data=np.stack(turned))
    seconds = time.time() - start
    scores = []
    for index, name in enumerate(names):
        results, _ = careamist.predict(turned[index][None], tile_size=[128, 128])
        result = np.squeeze(results[0])
        result = result.T if noisy[index].shape[0] > noisy[index].shape[1] else result
        scores.append(psnr(result, truths[index]))
        print(f"{name.stem} careamics n2v {scores[-1]:.2f} dB", flush=True)
    print(f"mean of {len(names)} after {seconds / 60:.1f} min: {np.mean(scores):.2f} dB")


main()
