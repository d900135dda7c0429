#!/usr/bin/python3
"""Debian's PyTorch beside Cajal: torch_peer.py {epoch|memory} [options]; the same lines as benchmarks/Cajal.Benchmarks."""
import argparse
import os
import subprocess
import sys
import time

import torch
from torch import nn

import mnist
import torch_networks
from usage import measure_memory, show

ENGINE = f"pytorch-{torch.__version__.split('a')[0].split('+')[0]}"
BATCH = 64


def epochs(name, make, shape, data, count, threads):
    (x, y), (test_x, test_y) = ((torch.from_numpy(images).view(shape), torch.from_numpy(labels)) for images, labels in data)
    net, loss = make(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters())
    for epoch in range(1, count + 1):
        net.train()
        began = time.perf_counter()
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss(net(x[rows]), y[rows]).backward()
            optimizer.step()
        seconds = time.perf_counter() - began
        net.eval()
        with torch.no_grad():
            right = sum((net(a).argmax(1) == b).sum().item() for a, b in zip(test_x.split(500), test_y.split(500)))
        show(name=name, benchmark="epoch", engine=ENGINE, threads=threads, epoch=epoch, seconds=round(seconds, 4), test_accuracy=right / len(test_y))


def run_epochs(options):
    data = mnist.load(options.data)
    for name, make, shape in (("epoch/mlp-784-256-128-10-b64", torch_networks.mlp, (-1, 784)), ("epoch/cnn-32-64-fc128-b64", torch_networks.cnn, (-1, 1, 28, 28))):
        if name.startswith(options.only):
            epochs(name, make, shape, data, options.epochs, options.threads)


def run_memory(options):
    """Each workload in a process of its own, as its highest resident memory is a figure of the process."""
    if options.one:
        first = torch_networks.training_step("train/playground-2-4-2-1-b10")
        for _ in range(50):
            first()
        measure_memory(options.one, ENGINE, options.threads, lambda: torch_networks.training_step(options.one), options.steps, options.seconds)
        return
    for name in torch_networks.WORKLOADS:
        if name.startswith(options.only):
            subprocess.run([sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--one", name], check=True)


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("benchmark", choices=["epoch", "memory"])
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--only", default="")
parser.add_argument("--data", default=os.environ.get("CAJAL_DATA", "."))
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--steps", type=int, default=10_000)
parser.add_argument("--seconds", type=float, default=600)
parser.add_argument("--one", help=argparse.SUPPRESS)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(1)
(run_epochs if arguments.benchmark == "epoch" else run_memory)(arguments)
