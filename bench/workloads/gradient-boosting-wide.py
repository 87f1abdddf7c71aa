from workloads.boosting.data import Workload, lightgbm_model

workload = Workload(100_000, 500, lightgbm_model)
make, prepare, quality = workload.make, workload.prepare, workload.quality
