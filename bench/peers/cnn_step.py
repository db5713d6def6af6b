"""One training step of the small network in PyTorch: reads a line of JSON (weights, or how many steps), answers with one."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
layers = []
state = {}


def tensor(values, shape):
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


for line in sys.stdin:
    ask = json.loads(line)
    if "weights" in ask:
        torch.set_num_threads(ask["threads"])
        parameters = []
        for name, shape, values in ask["weights"]:
            value = tensor(values, shape)
            # Filters of TensorFlow are [height, width, in, out], those of PyTorch [out, in, height, width].
            value = value.permute(3, 2, 0, 1).contiguous() if len(shape) == 4 else value
            parameters.append(nn.Parameter(value))
        x = tensor(ask["x"], ask["shape"]).permute(0, 3, 1, 2).contiguous()
        y = tensor(ask["y"], [-1])
        optimiser = torch.optim.Adam(parameters, lr=ask["rate"], weight_decay=ask["decay"], eps=1e-8)

        def step():
            optimiser.zero_grad()
            h = x
            for layer in range(3):
                # "same" of TensorFlow for an even size, a filter of 3 and a stride of 2: one pixel at the far ends.
                h = F.relu(F.conv2d(F.pad(h, (0, 1, 0, 1)), parameters[2 * layer], parameters[2 * layer + 1], stride=2))
            logits = (h.mean((2, 3)) @ parameters[6] + parameters[7]).flatten()
            loss = F.binary_cross_entropy_with_logits(logits, y)
            loss.backward()
            optimiser.step()
            return float(loss)

        print(json.dumps({"ready": True}), flush=True)
    else:
        losses = []
        start = time.perf_counter()
        for _ in range(ask["steps"]):
            losses.append(step())
        print(json.dumps({"seconds": time.perf_counter() - start, "losses": losses}), flush=True)
