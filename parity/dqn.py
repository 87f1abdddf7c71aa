"""Reference answers for updates of deep Q-networks, from PyTorch 2.15.0 (pip install torch==2.15.0 numpy==2.4.6).

Run from the repository root: python -P parity/dqn.py. The update is that of Stable-Baselines3's DQN (smooth L1 loss, Adam, gradients cut at a norm, target network moved by Polyak's average), with double, duelling, weighted and masked learning added from their papers, on given batches in float32.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.set_num_threads(1)
torch.manual_seed(0)
rng = np.random.RandomState(0)

INPUTS, HIDDEN, ACTIONS, ROWS, UPDATES, GAMMA = 3, (6, 5), 4, 8, 14, 0.9


def rounded(array, places=3):
    return np.round(np.asarray(array, dtype=float), places)


class Duelling(nn.Module):
    """The streams of the value and the advantage have a last hidden layer each."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(INPUTS, HIDDEN[0])
        self.value_hidden, self.advantage_hidden = nn.Linear(HIDDEN[0], HIDDEN[1]), nn.Linear(HIDDEN[0], HIDDEN[1])
        self.value, self.advantage = nn.Linear(HIDDEN[1], 1), nn.Linear(HIDDEN[1], ACTIONS)

    def forward(self, x):
        x = F.relu(self.trunk(x))
        advantage = self.advantage(F.relu(self.advantage_hidden(x)))
        return self.value(F.relu(self.value_hidden(x))) + advantage - advantage.mean(1, keepdim=True)


def plain():
    return nn.Sequential(
        nn.Linear(INPUTS, HIDDEN[0]), nn.ReLU(), nn.Linear(HIDDEN[0], HIDDEN[1]), nn.ReLU(), nn.Linear(HIDDEN[1], ACTIONS)
    )


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


batches = [
    {
        "x": rounded(rng.standard_normal((ROWS, INPUTS))),
        "next": rounded(rng.standard_normal((ROWS, INPUTS))),
        "action": rng.randint(ACTIONS, size=ROWS),
        "reward": rounded(2 * rng.standard_normal(ROWS)),
        "discount": np.where(rng.rand(ROWS) < 0.3, 0, GAMMA),
        "weight": rounded(rng.rand(ROWS)),
        "mask": (rng.rand(ROWS, ACTIONS) < 0.6) | (np.arange(ACTIONS) == 2),
    }
    for _ in range(UPDATES)
]


def learn(make, double=False, weighted=False, masked=False):
    network, target = make(), make()
    for parameter in network.parameters():
        parameter.data = torch.tensor(rounded(parameter.data), dtype=torch.float32)
    start = {name: numbers(p.data.t() if p.dim() == 2 else p.data) for name, p in network.named_parameters()}
    target.load_state_dict(network.state_dict())
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    losses, errors = [], []
    for k, batch in enumerate(batches):
        real = {name: torch.tensor(np.asarray(value, dtype=np.float32)) for name, value in batch.items()}
        forbidden = torch.where(real["mask"] > 0, 0.0, -torch.inf) if masked else 0
        with torch.no_grad():
            worth = target(real["next"])
            chooser = network(real["next"]) if double else worth
            best = worth.gather(1, (chooser + forbidden).argmax(1, keepdim=True))[:, 0]
            wanted = real["reward"] + real["discount"] * best
        taken = network(real["x"]).gather(1, torch.tensor(batch["action"])[:, None].long())[:, 0]
        loss = F.smooth_l1_loss(taken, wanted, reduction="none")
        loss = (loss * real["weight"] if weighted else loss).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        optimizer.step()
        losses.append(float(loss.detach()))
        errors = numbers((taken - wanted).detach())
        if k == UPDATES // 2:
            with torch.no_grad():
                for old, new in zip(target.parameters(), network.parameters()):
                    old.mul_(0.75).add_(0.25 * new)
    return {"start": start, "losses": losses, "errors": errors, "values": numbers(network(torch.tensor(np.asarray(batches[0]["x"], dtype=np.float32))).detach())}


cases = {
    "plain": learn(plain),
    "double": learn(plain, double=True),
    "duelling": learn(Duelling, double=True),
    "weighted": learn(plain, weighted=True),
    "masked": learn(plain, masked=True, double=True),
}
with open("parity/fixtures/dqn.json", "w") as file:
    json.dump(
        {
            "batches": [{name: numbers(value) for name, value in batch.items()} for batch in batches],
            "cases": cases,
        },
        file,
        separators=(",", ":"),
    )
    file.write("\n")
