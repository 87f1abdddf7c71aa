"""Reference answers for networks of sequences and for losses, from PyTorch 2.15.0 (pip install torch==2.15.0 numpy==2.4.6).

Run from the repository root: python -P parity/sequence_training.py (-P, since files beside it have names of standard modules). Networks train in
float32 for 50 steps from initial weights of four digits; losses and their gradients are computed in float64.
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
ROWS, TIME, LEVELS, FEATURES, BATCH, STEPS = 32, 6, 9, 8, 8, 50


def rounded(array, places=4):
    return np.round(np.asarray(array, dtype=float), places)


def numbers(tensor):
    return [float(value) for value in np.asarray(tensor.detach()).ravel()]


# Tokens from 1, filled up with 0 at the end.
tokens = rng.randint(1, LEVELS, (ROWS, TIME))
lengths = rng.randint(2, TIME + 1, ROWS)
padded = np.where(np.arange(TIME) < lengths[:, None], tokens, 0)
following = (tokens * 3 + np.roll(tokens, 1, axis=1)) % LEVELS
classes = (tokens[:, 0] + tokens[:, 1]) % 3
series = rounded(rng.standard_normal((ROWS, TIME, 3)), 2)
sums = rounded(series[:, :, 0].sum(1, keepdims=True) * 0.5, 3)


class Model(nn.Module):
    """Modules by name, and a function of them."""

    def __init__(self, forward, **modules):
        super().__init__()
        self.call = forward
        for name, module in modules.items():
            if isinstance(module, nn.Parameter):
                self.register_parameter(name, module)
            else:
                self.add_module(name, module)

    def forward(self, x):
        return self.call(self, x)


def train(model, x, y, loss, make):
    for parameter in model.parameters():
        parameter.data = torch.tensor(rounded(parameter.data), dtype=torch.float32)
    start = {name: numbers(p.t() if p.dim() == 2 and name not in ("table.weight", "place") else p) for name, p in model.named_parameters()}
    optimizer = make(model.parameters())
    losses = []
    for step in range(STEPS):
        part = slice(step * BATCH % ROWS, step * BATCH % ROWS + BATCH)
        optimizer.zero_grad()
        value = loss(model(x[part]), y[part])
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return {"start": start, "losses": losses}


def table(units, padding_idx=None):
    return nn.Embedding(LEVELS, units, padding_idx=padding_idx)


def encoder(norm_first, activation):
    return nn.TransformerEncoderLayer(FEATURES, 2, 16, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first)


def pooled(x, seen):
    return (x * seen[:, :, None]).sum(1) / seen.sum(1, keepdim=True)


def masked(model, x):
    seen = (x != 0).float()
    return model.out(pooled(model.block(model.table(x) + model.place, src_key_padding_mask=x == 0), seen))


def gpt(model, x):
    mask = nn.Transformer.generate_square_subsequent_mask(TIME)
    value = model.table(x) + model.place
    for block in (model.first, model.second):
        value = block(value, src_mask=mask, is_causal=True)
    return model.out(model.norm(value))


def packed(model, x):
    parts = nn.utils.rnn.pack_padded_sequence(model.table(x), (x != 0).sum(1), batch_first=True, enforce_sorted=False)
    _, (h, _) = model.rnn(parts)
    return model.out(h.permute(1, 0, 2).flatten(1))


ids, pads = torch.tensor(tokens), torch.tensor(padded)
floats = torch.tensor(series, dtype=torch.float32)
wanted = torch.tensor(sums, dtype=torch.float32)
labels, nexts = torch.tensor(classes), torch.tensor(following)
place = lambda: nn.Parameter(0.1 * torch.randn(TIME, FEATURES))
cross = nn.CrossEntropyLoss()
per_token = lambda z, t: cross(z.flatten(0, 1), t.flatten())
sgd = lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)
gently = lambda p: torch.optim.SGD(p, lr=0.03, momentum=0.9)
adam = lambda p: torch.optim.Adam(p, lr=0.01)

networks = {
    "lstm": train(Model(lambda m, x: m.out(m.rnn(m.table(x))[0][:, -1]), table=table(5), rnn=nn.LSTM(5, 6, batch_first=True), out=nn.Linear(6, 3)), ids, labels, cross, sgd),
    "lstmDeep": train(
        Model(lambda m, x: m.out(m.rnn(x)[0].mean(1)), rnn=nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True), out=nn.Linear(8, 1)), floats, wanted, nn.MSELoss(), adam
    ),
    "lstmPadded": train(Model(packed, table=table(5, 0), rnn=nn.LSTM(5, 4, batch_first=True, bidirectional=True), out=nn.Linear(8, 3)), pads, labels, cross, adam),
    "gru": train(
        Model(lambda m, x: m.out(m.rnn(x)[1][-2:].permute(1, 0, 2).flatten(1)), rnn=nn.GRU(3, 4, 2, batch_first=True, bidirectional=True), out=nn.Linear(8, 1)),
        floats, wanted, nn.HuberLoss(), adam,
    ),
    "encoderPadded": train(Model(masked, table=table(FEATURES, 0), place=place(), block=encoder(False, "relu"), out=nn.Linear(FEATURES, 3)), pads, labels, cross, gently),
    "gpt": train(
        Model(gpt, table=table(FEATURES), place=place(), first=encoder(True, "gelu"), second=encoder(True, "gelu"), norm=nn.LayerNorm(FEATURES), out=nn.Linear(FEATURES, LEVELS)),
        ids, nexts, per_token, lambda p: torch.optim.Adam(p, lr=0.005),
    ),
}

# Losses of 6 rows of 4 scores, and their gradients.
scores = rounded(2 * rng.standard_normal((6, 4)), 2)
targets = {
    "labels": [2, 0, 3, 1, 1, 2],
    "values": rounded(rng.standard_normal((6, 4)), 2).tolist(),
    "bits": (rng.uniform(size=(6, 4)) < 0.5).astype(float).tolist(),
    "shares": rounded(rng.dirichlet([0.5] * 4, 6), 3).tolist(),
}
targets["shares"][0] = [0.0, 1.0, 0.0, 0.0]
weights = torch.tensor([1.0, 2.0, 0.5, 3.0], dtype=torch.float64)


def loss_of(function, target):
    z = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    y = torch.tensor(targets[target], dtype=torch.long if target == "labels" else torch.float64)
    value = function(z, y)
    value.backward()
    return {"target": target, "loss": value.item(), "gradient": numbers(z.grad)}


losses = {
    "crossEntropy": loss_of(nn.CrossEntropyLoss(), "labels"),
    "smoothed": loss_of(nn.CrossEntropyLoss(label_smoothing=0.1), "labels"),
    "weighted": loss_of(nn.CrossEntropyLoss(weight=weights), "labels"),
    "weightedSmoothed": loss_of(nn.CrossEntropyLoss(weight=weights, label_smoothing=0.2), "labels"),
    "ignored": loss_of(nn.CrossEntropyLoss(ignore_index=1), "labels"),
    "everything": loss_of(nn.CrossEntropyLoss(weight=weights, ignore_index=2, label_smoothing=0.1), "labels"),
    # Three rows of two times: the same numbers.
    "overTime": loss_of(lambda z, y: F.cross_entropy(z.reshape(3, 2, 4).transpose(1, 2), y.reshape(3, 2), weight=weights, ignore_index=2, label_smoothing=0.1), "labels"),
    "meanSquaredError": loss_of(nn.MSELoss(), "values"),
    "meanAbsoluteError": loss_of(nn.L1Loss(), "values"),
    "huber": loss_of(nn.HuberLoss(delta=0.7), "values"),
    "binaryCrossEntropy": loss_of(nn.BCEWithLogitsLoss(), "bits"),
    "positiveWeight": loss_of(nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3.0)), "bits"),
    "kullbackLeibler": loss_of(lambda z, y: F.kl_div(F.log_softmax(z, -1), y, reduction="batchmean"), "shares"),
}

answers = {
    "torch": torch.__version__.split("+")[0],
    "data": {"tokens": tokens.tolist(), "padded": padded.tolist(), "following": following.tolist(), "classes": classes.tolist(), "series": series.ravel().tolist(), "sums": sums.ravel().tolist()},
    "networks": networks,
    "scores": scores.ravel().tolist(),
    "targets": {name: np.ravel(target).tolist() for name, target in targets.items()},
    "losses": losses,
}


def brief(value, digits=10):
    """Nine digits hold a float32."""
    if isinstance(value, dict):
        return {key: brief(part, digits) for key, part in value.items()}
    if isinstance(value, list):
        return [brief(part, digits) for part in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


with open("parity/fixtures/sequence_training.json", "w") as out:
    json.dump(brief(answers), out, separators=(",", ":"))
