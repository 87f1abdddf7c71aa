from workloads.boosting import data

ROWS = 1_000_000


def make(directory):
    data.make(directory, ROWS, 28)


def prepare(directory):
    x, y, _, _ = data.read(directory, 28)
    model = data.lightgbm_model(data.threads()).fit(x[:100_000], y[:100_000])
    return lambda: model.predict_proba(x)[:, 1]


def quality(shares):
    return {"mean": float(shares.mean())}
