from workloads.boosting.data import Workload


def xgboost_model(jobs):
    import xgboost

    return xgboost.XGBClassifier(
        n_estimators=100,
        max_leaves=31,
        max_depth=0,
        grow_policy="lossguide",
        tree_method="hist",
        learning_rate=0.1,
        min_child_weight=1e-3,
        reg_lambda=0,
        n_jobs=jobs,
    )


workload = Workload(1_000_000, 28, xgboost_model)
make, prepare, quality = workload.make, workload.prepare, workload.quality
