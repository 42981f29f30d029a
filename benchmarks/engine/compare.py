#!/usr/bin/env python3
"""Training steps and predictions of dn beside PyTorch, alternately, in one run.

Each round runs every program once for each net, so that a slow minute of the machine meets all of
them. Printed are medians over all rounds (with the least and the greatest), ratios of medians, the
rate of the convolutions (as written, nothing folded), its share of the machine's measured peak,
and the peak memory of the process. Without PyTorch dn is measured alone.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NAMES = {"n2v2d": "a 2-D U-Net", "unet3d": "b 3-D U-Net", "s2s": "c Self2Self"}
VARIANTS = {"f32": ["dn f32", "stock f32", "tuned f32"], "bf16": ["dn bf16", "tuned bf16"]}


def command(program, net, mode, options, python):
    kind, dtype = program.split()
    if kind == "dn":
        return [os.path.join(ROOT, ".build/release/engine-benchmark"), net, mode,
                f"steps={options.steps}", "warmup=1", f"threads={options.threads}",
                f"precision={dtype}"]
    result = [python, os.path.join(HERE, "torch_step.py"), "--net", net, "--mode", mode,
              "--dtype", dtype, "--steps", str(options.steps), "--warmup", "1", "--json",
              "--threads", str(options.threads)]
    if kind == "tuned":
        result += ["--format", "channels_last"]
    if mode == "infer":
        size = {"n2v2d": 1024, "unet3d": 128, "s2s": 256}[net]
        result += ["--batch", "1", "--size", str(size)]
    return result


def measure(line):
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(line)}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[0])


def has_torch(python):
    return python and subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0


def peak(threads):
    """GFLOP/s of the machine in float32, on so many threads: benchmarks/kernels."""
    done = subprocess.run([os.path.join(HERE, "../kernels/run.sh"), "peak", str(threads)],
                          capture_output=True, text=True)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return {}


def report(net, mode, runs, peaks):
    for dtype, programs in VARIANTS.items():
        ours = runs.get(f"dn {dtype}")
        if not ours:
            continue
        mine = statistics.median(r["ms_median"] for r in ours)
        for program in programs:
            found = runs.get(program)
            if not found:
                continue
            times = [r["ms_median"] for r in found]
            median = statistics.median(times)
            rate = found[0]["conv_gflop"] / median * 1e3
            share = f"{100 * rate / peaks[dtype]:.0f} %" if dtype in peaks else "-"
            memory = max(r["peak_rss_mib"] for r in found)
            least = max(r["peak_rss_mib"] for r in ours)
            print(f"| {NAMES[net]} | {mode} | {program} | {median:.0f} "
                  f"({min(times):.0f}-{max(times):.0f}) | {median / mine:.2f} | {rate:.0f} | {share} "
                  f"| {memory:.0f} | {least / memory:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nets", default="n2v2d,unet3d,s2s")
    parser.add_argument("--modes", default="train,infer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=3, help="timed steps a run")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--python", help="one that has PyTorch; benchmarks/venv or python3 else")
    options = parser.parse_args()
    own = os.path.join(ROOT, "benchmarks/venv/bin/python")
    python = options.python or (own if os.path.exists(own) else "python3")
    peers = has_torch(python)
    if not peers:
        print("PyTorch is not installed: dn is measured alone (make bench-peers installs it)")
    peaks = peak(options.threads)
    if peaks:
        print(f"peak of this machine: {peaks['f32']:.0f} GFLOP/s f32, {peaks['bf16']:.0f} bf16")
    print("| net | mode | program | ms, median (range) | time / dn's | GFLOP/s | of peak "
          "| memory MiB | dn's memory / its |\n|---|---|---|---|---|---|---|---|---|", flush=True)
    for net in options.nets.split(","):
        for mode in options.modes.split(","):
            runs = {}
            for _ in range(options.rounds):
                for programs in VARIANTS.values():
                    for program in programs:
                        if peers or program.startswith("dn"):
                            line = command(program, net, mode, options, python)
                            runs.setdefault(program, []).append(measure(line))
            report(net, mode, runs, peaks)


main()
