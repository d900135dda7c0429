"""The training workloads of the yardstick in PyTorch (1.13 has no fused attention, so the small GPT writes its weights out)."""
import math

import torch
from torch import nn


def mlp():
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


class ResidualBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU())
        self.block = nn.Sequential(
            nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64))
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        h = self.stem(x)
        return self.head((h + self.block(h)).relu().mean((2, 3)))


class RowLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(28, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, 27])


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        n, t, width = x.shape
        q, k, v = self.project(self.first(x)).view(n, t, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        future = torch.ones(t, t, dtype=torch.bool).triu(1)
        weights = (q @ k.transpose(-1, -2) / math.sqrt(width // self.heads)).masked_fill(future, -math.inf).softmax(-1)
        x = x + self.output((weights @ v).transpose(1, 2).reshape(n, t, width))
        return x + self.contract(nn.functional.gelu(self.expand(self.second(x))))


class CharGpt(nn.Module):
    def __init__(self, vocabulary=65, context=64, width=128, layers=4, heads=4):
        super().__init__()
        self.token, self.position = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks, self.norm, self.head = nn.Sequential(*(Block(width, heads) for _ in range(layers))), nn.LayerNorm(width), nn.Linear(width, vocabulary)

    def forward(self, x):
        h = self.blocks(self.token(x) + self.position(torch.arange(x.shape[1])))
        return self.head(self.norm(h)).flatten(0, 1)


def classes(n):
    return torch.randint(10, (n,))


# name: (network, inputs, targets, loss, optimiser)
WORKLOADS = {
    "train/playground-2-4-2-1-b10": (
        lambda: nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 1)),
        lambda: torch.rand(10, 2), lambda: torch.rand(10, 1), nn.MSELoss, lambda p: torch.optim.SGD(p, 0.03)),
    "train/mlp-784-256-128-10-b64": (mlp, lambda: torch.rand(64, 784), lambda: classes(64), nn.CrossEntropyLoss, torch.optim.Adam),
    "train/lenet5-b64": (lenet5, lambda: torch.rand(64, 1, 28, 28), lambda: classes(64), nn.CrossEntropyLoss, lambda p: torch.optim.SGD(p, 0.1)),
    "train/cnn-32-64-fc128-b64": (cnn, lambda: torch.rand(64, 1, 28, 28), lambda: classes(64), nn.CrossEntropyLoss, torch.optim.Adam),
    "train/resblock-64-b16": (
        ResidualBlock, lambda: torch.rand(16, 3, 32, 32), lambda: classes(16), nn.CrossEntropyLoss, lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    "train/lstm-28x28-h128-b64": (RowLstm, lambda: torch.rand(64, 28, 28), lambda: classes(64), nn.CrossEntropyLoss, torch.optim.Adam),
    "train/chargpt-4x128-ctx64-b16": (
        CharGpt, lambda: torch.randint(65, (16, 64)), lambda: torch.randint(65, (16 * 64,)), nn.CrossEntropyLoss, torch.optim.AdamW),
}


def training_step(name):
    """A function that takes one step of a workload."""
    make, inputs, targets, loss, optimise = WORKLOADS[name]
    net, x, y, loss = make(), inputs(), targets(), loss()
    optimizer = optimise(net.parameters())

    def step():
        optimizer.zero_grad()
        loss(net(x), y).backward()
        optimizer.step()

    return step
