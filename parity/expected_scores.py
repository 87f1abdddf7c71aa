"""Expected scores of classifiers by their probabilities, computed directly: every truth enumerated or every pair summed.

.venv/bin/python parity/expected_scores.py
"""

import itertools
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import accuracy_score, precision_recall_fscore_support, roc_auc_score

assert np.__version__ == "2.4.6", np.__version__
assert sklearn.__version__ == "1.9.1", sklearn.__version__
rng = np.random.RandomState(7)


def pairwise_auc(score):
    """Sum over all pairs i != j of p_i (1 - p_j) [s_i > s_j or half when equal], over the sum of the weights."""
    p = np.asarray(score)
    weight = np.outer(p, 1 - p)
    np.fill_diagonal(weight, 0)
    above = (p[:, None] > p[None, :]) + 0.5 * (p[:, None] == p[None, :])
    return float((weight * above).sum() / weight.sum())


def case(name, probabilities, predicted, classes):
    """scikit-learn's scores of a table with one row per (row, class), weighted by the class's probability."""
    probabilities = np.asarray(probabilities)
    rows = len(probabilities)
    truth = np.tile(np.arange(classes), rows)
    said = np.repeat(predicted, classes)
    weight = probabilities.ravel()
    labels = sorted(set(truth) | set(said))
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, said, labels=labels, sample_weight=weight, average="macro", zero_division=0
    )
    binary = precision_recall_fscore_support(truth == 1, said == 1, sample_weight=weight, average="binary", zero_division=0)
    columns = [1] if classes == 2 else range(classes)
    return {
        "name": name,
        "probabilities": probabilities.tolist(),
        "predicted": [int(c) for c in predicted],
        "classes": classes,
        "accuracy": float(accuracy_score(truth, said, sample_weight=weight)),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "rocAuc": float(np.mean([pairwise_auc(probabilities[:, c]) for c in columns])),
        "positive": [float(v) for v in binary[:3]] if classes == 2 else None,
    }


def all_truths(probabilities, predicted):
    """Mean and standard deviation of the accuracy over all 2^n truths of a few rows, each with its probability."""
    mean = square = 0.0
    for truth in itertools.product([0, 1], repeat=len(probabilities)):
        chance = np.prod([p[c] for p, c in zip(probabilities, truth)])
        value = np.mean([c == d for c, d in zip(truth, predicted)])
        mean += chance * value
        square += chance * value**2
    return mean, float(np.sqrt(square - mean**2))


cases = []
p = rng.uniform(size=40)
two = np.column_stack([1 - p, p])
cases.append(case("two classes", two, (p > 0.5).astype(int), 2))
ties = np.round(p, 1)
cases.append(case("ties and a threshold of its own", np.column_stack([1 - ties, ties]), (ties > 0.3).astype(int), 2))
three = rng.dirichlet([1, 2, 0.5], size=50)
cases.append(case("three classes", three, three.argmax(1), 3))
never = np.column_stack([rng.dirichlet([2, 1], size=30), np.zeros(30)])
cases.append(case("one class is never said", never[:, [0, 1, 2]] * 0.9 + 0.1 / 3, never.argmax(1), 3))
few = two[:10]
mean, deviation = all_truths(few, (few[:, 1] > 0.5).astype(int))
enumerated = {"probabilities": few.tolist(), "predicted": [int(v) for v in few[:, 1] > 0.5], "mean": mean, "deviation": deviation}

path = Path(__file__).parent / "fixtures" / "expected_scores.json"
path.write_text(json.dumps({"cases": cases, "enumerated": enumerated}, separators=(",", ":")) + "\n")
