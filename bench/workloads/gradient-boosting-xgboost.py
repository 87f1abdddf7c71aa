from workloads.boosting.data import Workload, xgboost_model

workload = Workload(1_000_000, 28, xgboost_model)
make, prepare, quality = workload.make, workload.prepare, workload.quality
