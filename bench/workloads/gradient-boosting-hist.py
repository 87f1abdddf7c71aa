from workloads.boosting.data import Workload


def scikit_learn_model(_):
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=31, learning_rate=0.1, min_samples_leaf=20, early_stopping=False
    )


workload = Workload(1_000_000, 28, scikit_learn_model)
make, prepare, quality = workload.make, workload.prepare, workload.quality
