#!/usr/bin/env python3
"""Writes Tests/TensorTests/Reference: what PyTorch computes, a small .npz file a case.

Run it from anywhere; it needs PyTorch and NumPy. The tests need only the files, so it runs again
only when a case is added:

    python3 Tests/Tools/reference_vectors.py

Every array is float32. In a case, `x`, `w`, ... are inputs, `y` the result, `dy` a random gradient
of the result, and `dx`, `dw`, ... the gradients that follow from it.
"""

import pathlib
import shutil

import numpy
import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "TensorTests" / "Reference"


def save(case, **arrays):
    """Uncompressed, so that a test reads it without a library."""
    arrays = {
        name: numpy.require(array.detach().numpy(), "<f4", "C") for name, array in arrays.items()}
    numpy.savez(FOLDER / f"{case}.npz", **arrays)


def with_gradients(case, function, fixed=None, **inputs):
    """Saves inputs, y = function(inputs), a random dy, and the gradient d<name> of each input.

    Computed in double precision from inputs rounded to single, so that the files hold the right
    numbers and not PyTorch's own rounding. `fixed` are inputs without a gradient.
    """
    fixed = fixed or {}
    leaves = {name: value.float().double().requires_grad_() for name, value in inputs.items()}
    constants = {name: value.float().double() for name, value in fixed.items()}
    y = function(**leaves, **constants)
    dy = torch.randn(y.shape).double()
    y.backward(dy)
    gradients = {f"d{name}": leaf.grad for name, leaf in leaves.items()}
    save(case, **leaves, **constants, y=y, dy=dy, **gradients)


def convolutions():
    plain = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
    cases = [
        # name, input, weights, stride, dilation, groups, bias
        ("conv1d", (2, 3, 11), (4, 3, 5), 1, 1, 1, True),
        ("conv1d_dilated", (1, 2, 13), (3, 2, 3), 1, 3, 1, True),
        ("conv1d_strided", (2, 2, 11), (3, 2, 3), 3, 1, 1, False),
        ("conv2d", (2, 3, 6, 7), (4, 3, 3, 3), 1, 1, 1, True),
        ("conv2d_strided", (2, 3, 7, 8), (4, 3, 3, 3), 2, 1, 1, True),
        ("conv2d_dilated", (1, 2, 9, 8), (3, 2, 3, 3), 1, 2, 1, False),
        ("conv2d_grouped", (2, 4, 5, 6), (6, 2, 3, 3), 1, 1, 2, True),
        ("conv2d_depthwise", (1, 3, 6, 7), (3, 1, 3, 5), 2, 2, 3, True),
        ("conv2d_pointwise", (2, 5, 4, 3), (2, 5, 1, 1), 1, 1, 1, True),
        ("conv3d", (1, 2, 4, 5, 6), (3, 2, 3, 3, 3), 1, 1, 1, True),
        ("conv3d_strided", (2, 2, 5, 4, 6), (3, 2, 3, 3, 3), 2, 1, 1, True),
        ("conv3d_grouped", (1, 4, 3, 4, 5), (4, 2, 3, 1, 3), 1, 2, 2, False),
    ]
    for name, x, w, stride, dilation, groups, bias in cases:
        function = plain[len(x) - 2]
        padding = [dilation * (side // 2) for side in w[2:]]

        def convolve(x, w, b=None):
            return function(x, w, b, stride, padding, dilation, groups)

        inputs = dict(x=torch.randn(x), w=torch.randn(w))
        if bias:
            inputs["b"] = torch.randn(w[0])
        with_gradients(name, convolve, **inputs)


def transposed_convolutions():
    transposed = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
    for x, w, extra in [
        ((2, 3, 5), (3, 2, 3), 1),
        ((2, 3, 4, 5), (3, 2, 3, 3), 1),
        ((1, 2, 3, 2, 3), (2, 3, 3, 3, 3), 0),
    ]:
        axes = len(x) - 2

        def convolve(x, w):
            return transposed[axes](x, w, None, 2, w.shape[2] // 2, extra)

        with_gradients(f"transposed{axes}d", convolve, x=torch.randn(x), w=torch.randn(w))


def pooling():
    most = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
    mean = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
    linear = {1: "linear", 2: "bilinear", 3: "trilinear"}
    for shape in [(2, 3, 9), (2, 2, 6, 7), (1, 2, 4, 5, 6)]:
        axes = len(shape) - 2
        x = torch.randn(shape)
        small = torch.randn(tuple(shape[:2]) + tuple(s // 2 + 1 for s in shape[2:]))
        with_gradients(f"maxpool{axes}d", lambda x: most[axes](x, 2), x=x)
        with_gradients(f"maxpool{axes}d_overlapping", lambda x: most[axes](x, 3, 2), x=x)
        with_gradients(f"meanpool{axes}d", lambda x: mean[axes](x, 2), x=x)
        with_gradients(
            f"nearest{axes}d", lambda x: F.interpolate(x, scale_factor=2, mode="nearest"), x=small)
        with_gradients(
            f"linear{axes}d",
            lambda x: F.interpolate(x, scale_factor=2, mode=linear[axes], align_corners=False),
            x=small)


def ties():
    """The first of equal numbers in a window gets the gradient."""
    x = torch.randint(0, 3, (2, 2, 6, 8)).float()
    with_gradients("maxpool2d_ties", lambda x: F.max_pool2d(x, 2), x=x)


def batch_norms():
    for shape in [(4, 3, 10), (3, 2, 5, 6), (2, 3, 3, 4, 5)]:
        axes = len(shape) - 2
        channels = shape[1]
        inputs = dict(
            x=2 * torch.randn(shape) + 1, gamma=torch.randn(channels), beta=torch.randn(channels))
        with_gradients(
            f"batchnorm{axes}d",
            lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, training=True),
            **inputs)
        with_gradients(
            f"batchnorm{axes}d_running",
            lambda x, gamma, beta, moments: F.batch_norm(x, moments[0], moments[1], gamma, beta),
            fixed=dict(moments=torch.stack([torch.randn(channels), torch.rand(channels) + 0.5])),
            **inputs)


def functions():
    anywhere = torch.linspace(-4, 4, 41) + 0.013
    positive = torch.linspace(0.05, 6, 41)
    for name, function, x in [
        ("abs", torch.abs, anywhere), ("exp", torch.exp, anywhere), ("sin", torch.sin, anywhere),
        ("cos", torch.cos, anywhere), ("tan", torch.tan, anywhere / 4),
        ("tanh", torch.tanh, anywhere), ("sigmoid", torch.sigmoid, 10 * anywhere),
        ("relu", torch.relu, anywhere), ("square", torch.square, anywhere),
        ("leaky", lambda x: F.leaky_relu(x, 0.1), anywhere),
        ("sqrt", torch.sqrt, positive), ("log", torch.log, positive),
        ("floor", torch.floor, anywhere), ("ceiling", torch.ceil, anywhere),
        ("round", torch.round, anywhere), ("sign", torch.sign, anywhere),
    ]:
        with_gradients(f"function_{name}", lambda x: function(x), x=x)
    halves = torch.arange(-5, 6) / 2
    save("round_halves", x=halves, y=torch.round(halves))


def broadcasting():
    a, b = torch.randn(2, 1, 4), torch.randn(3, 1)
    for name, function, left, right in [
        ("add", torch.add, a, b), ("subtract", torch.subtract, a, b),
        ("multiply", torch.multiply, a, b), ("divide", torch.divide, a, b.abs() + 0.5),
        ("power", torch.pow, a.abs() + 0.2, b), ("maximum", torch.maximum, a, b),
        ("minimum", torch.minimum, a, b), ("modulo", torch.remainder, 3 * a, b.abs() + 0.5),
        ("where", lambda a, b: torch.where(a > 0, a, b), a, b),
    ]:
        with_gradients(f"broadcast_{name}", lambda a, b: function(a, b), a=left, b=right)


def reductions():
    x = torch.randn(3, 4, 5)
    tied = torch.randint(0, 3, (3, 4, 5)).float()
    for name, axes in [("all", (0, 1, 2)), ("first", (0,)), ("last", (2,)), ("outer", (0, 2))]:
        with_gradients(f"sum_{name}", lambda x: x.sum(axes), x=x)
        with_gradients(f"mean_{name}", lambda x: x.mean(axes), x=x)
        with_gradients(f"greatest_{name}", lambda x: x.amax(axes), x=tied)
        with_gradients(f"smallest_{name}", lambda x: x.amin(axes), x=tied)


def matrix_products():
    a, b = torch.randn(3, 5), torch.randn(5, 4)
    with_gradients("matmul", lambda a, b: a @ b, a=a, b=b)
    with_gradients("matmul_tn", lambda a, b: a.T @ b, a=a.T, b=b)
    with_gradients("matmul_nt", lambda a, b: a @ b.T, a=a, b=b.T)
    with_gradients("matmul_tt", lambda a, b: a.T @ b.T, a=a.T, b=b.T)


def losses():
    """Each as a training step uses it: one number from a prediction x and a target t."""
    x, t = torch.randn(2, 3, 5), torch.randn(2, 3, 5)
    mask = (torch.rand(2, 3, 5) < 0.4).float()
    for name, function in [
        ("mse", lambda x, t, m: F.mse_loss(x, t)),
        ("mae", lambda x, t, m: F.l1_loss(x, t)),
        ("huber", lambda x, t, m: F.huber_loss(x, t, delta=0.7)),
        ("masked_mse", lambda x, t, m: ((x - t) ** 2 * m).sum() / m.sum()),
        ("charbonnier", lambda x, t, m: ((x - t) ** 2 + 1e-3).sqrt().mean()),
        ("poisson", lambda x, t, m: F.poisson_nll_loss(x, t.abs())),
        ("gaussian", lambda x, t, m: F.gaussian_nll_loss(x, t, m + 0.5)),
    ]:
        with_gradients(
            f"loss_{name}", lambda x, t, m: function(x, t, m), fixed=dict(t=t, m=mask), x=x)


def optimizers():
    """Ten steps along given gradients: `w` at the start, `g` a row a step, `y` w after each."""
    count, steps, rate = 9, 10, 0.05
    start = torch.randn(count).float().double()
    gradients = torch.randn(steps, count).float().double()
    for name, make, clip in [
        ("adam", lambda p: torch.optim.Adam(p, rate), None),
        ("adam_decay", lambda p: torch.optim.Adam(p, rate, (0.8, 0.95), weight_decay=0.1), None),
        ("adamw", lambda p: torch.optim.AdamW(p, rate, weight_decay=0.1), None),
        ("radam", lambda p: torch.optim.RAdam(p, rate), None),
        ("radam_short", lambda p: torch.optim.RAdam(p, rate, (0.9, 0.7)), None),
        ("sgd", lambda p: torch.optim.SGD(p, rate, momentum=0.9), None),
        ("sgd_decay", lambda p: torch.optim.SGD(p, rate, momentum=0.5, weight_decay=0.1), None),
        ("sgd_clipped", lambda p: torch.optim.SGD(p, rate, momentum=0.9), 1.5),
        ("adam_clipped", lambda p: torch.optim.Adam(p, rate), 1.5),
    ]:
        w = start.clone().requires_grad_()
        optimizer = make([w])
        trail = []
        norms = []
        for gradient in gradients:
            w.grad = gradient.clone()
            norms.append(gradient.norm())
            if clip:
                torch.nn.utils.clip_grad_norm_([w], clip)
            optimizer.step()
            trail.append(w.detach().clone())
        save(
            f"optimizer_{name}", w=start, g=gradients, y=torch.stack(trail),
            norm=torch.stack(norms))


if __name__ == "__main__":
    torch.manual_seed(20)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    convolutions()
    transposed_convolutions()
    pooling()
    batch_norms()
    functions()
    broadcasting()
    reductions()
    matrix_products()
    losses()
    optimizers()
    ties()
    files = list(FOLDER.glob("*.npz"))
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes in {FOLDER}")
