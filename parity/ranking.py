"""Writes fixtures/ranking.json: scikit-learn's (N)DCG and what LightGBM's LambdaRank reaches.

Pinned: numpy 2.4.6, scikit-learn 1.9.1, lightgbm 4.7.0. Run: .venv/bin/python parity/ranking.py

The data of the ranker are not written: both sides draw the same numbers.
"""

import json
import pathlib

import lightgbm
import numpy as np
from sklearn.metrics import dcg_score, ndcg_score

random = np.random.RandomState(1)
metric_cases = []
for _ in range(6):
    truth = random.randint(0, 5, (3, 8)).astype(float)
    truth[0] *= random.randint(0, 2)
    score = np.round(random.uniform(size=(3, 8)), 1)
    metric_cases.append(
        {
            "truth": truth.tolist(),
            "score": score.tolist(),
            "dcg": dcg_score(truth, score),
            "ndcg": ndcg_score(truth, score),
            "ndcgAt3": ndcg_score(truth, score, k=3),
            "ndcgInOrder": ndcg_score(truth, score + np.linspace(0, -1e-9, 8), k=5, ignore_ties=True),
        }
    )


def draw(seed, queries=60, size=20, columns=6):
    random = np.random.RandomState(seed)
    x = random.uniform(size=(queries * size, columns))
    noise = random.uniform(size=queries * size)
    value = 2 * x[:, 0] * x[:, 1] + x[:, 2] - 0.5 * x[:, 3] + 0.6 * noise
    return x, np.clip(np.floor(value * 2), 0, 4), np.repeat(np.arange(queries), size)


def mean_ndcg(y, score, size=20, k=10):
    gains = (2.0 ** y - 1).reshape(-1, size)
    return ndcg_score(gains, score.reshape(-1, size), k=k)


scores = []
first = None
for seed in range(5):
    x, y, q = draw(seed)
    held, truth, _ = draw(1000 + seed)
    model = lightgbm.LGBMRanker(
        n_estimators=30, num_leaves=15, min_child_samples=20, min_child_weight=1e-3, verbose=-1, n_jobs=1, deterministic=True
    ).fit(x, y, group=np.full(60, 20))
    scores.append(mean_ndcg(truth, model.predict(held)))
    if seed == 0:
        one = lightgbm.LGBMRanker(
            n_estimators=1, num_leaves=15, min_child_samples=1, min_child_weight=1e-3, verbose=-1, n_jobs=1, min_data_in_bin=1
        ).fit(np.floor(40 * x), y, group=np.full(60, 20))
        first = one.predict(np.floor(40 * x))[:40].tolist()

out = pathlib.Path(__file__).parent / "fixtures" / "ranking.json"
out.write_text(json.dumps({"metrics": metric_cases, "scores": scores, "first": first}) + "\n")
