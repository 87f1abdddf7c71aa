from workloads.boosting import data


def make(directory):
    data.make(directory, 20_000, 28)


def prepare(directory):
    x, y, test, _ = data.read(directory, 28)
    model = data.lightgbm_model(data.threads()).fit(x, y)
    rows = [test[i : i + 1] for i in range(500)]
    return lambda: [model.predict(row)[0] for row in rows]


def quality(shares):
    return {"mean": sum(shares) / len(shares)}
